/**
 * site/openapi.json must be a valid description: of OpenAPI 3.1, with references that lead somewhere, every parameter of
 * a path declared, every operation and schema named once and used, and examples that their own schemas accept.
 * node scripts/check-openapi.mjs [FILE]
 */

import { readFileSync } from "node:fs";
import { argv, exit } from "node:process";
import { pathToFileURL } from "node:url";

import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const file = argv[2] ? pathToFileURL(argv[2]) : new URL("../site/openapi.json", import.meta.url);
const text = readFileSync(file, "utf8");
const description = JSON.parse(text);
const faults = [];

const validator = new Validator();
const { valid, errors } = await validator.validate(structuredClone(description));
if (!valid) faults.push(...[errors].flat().map((error) => JSON.stringify(error)));
if (validator.version !== "3.1") faults.push(`it is of OpenAPI ${validator.version}`);

/** What "#/components/schemas/Formation" stands for. */
const at = (reference) =>
  reference
    .slice(2)
    .split("/")
    .reduce((node, key) => node?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], description);

// References.
const used = new Set([...text.matchAll(/"\$ref": "([^"]+)"/g)].map(([, reference]) => reference));
for (const reference of used) if (at(reference) === undefined) faults.push(`${reference} leads nowhere`);
// Answers to what no path describes stand among the components only.
const outside = ["NoSuchRoute", "MethodNotAllowed"];
for (const [kind, parts] of Object.entries(description.components))
  for (const name of Object.keys(parts))
    if (!used.has(`#/components/${kind}/${name}`) && !(kind === "responses" && outside.includes(name)))
      faults.push(`components.${kind}.${name} is not used`);

// Examples, and schemas that Ajv can compile without a doubt.
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false });
addFormats.default(ajv);
ajv.addVocabulary(["example"]);
const anchored = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"parts#/$defs/'));
ajv.addSchema({ $id: "parts", $defs: anchored(description.components.schemas) });

/** @param {any} response @param {string} where */
function checkResponse(response, where) {
  const { schema, examples = {} } = (response.$ref ? at(response.$ref) : response).content["application/json"];
  const validate = ajv.compile(anchored(schema));
  for (const [name, { value }] of Object.entries(examples))
    if (!validate(value)) faults.push(`${where}, example ${name}: ${ajv.errorsText(validate.errors)}`);
}

const ids = new Set();
for (const [path, item] of Object.entries(description.paths))
  for (const [method, operation] of Object.entries(item)) {
    const where = `${method.toUpperCase()} ${path}`;
    if (!operation.operationId || ids.has(operation.operationId)) faults.push(`${where}: no operationId of its own`);
    ids.add(operation.operationId);
    if (!operation.summary) faults.push(`${where}: no summary`);
    for (const tag of operation.tags ?? [""])
      if (!description.tags.some(({ name }) => name === tag)) faults.push(`${where}: the tag "${tag}" is not declared`);
    const parameters = (operation.parameters ?? []).map((one) => (one.$ref ? at(one.$ref) : one));
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = parameters.filter((one) => one.in === "path").map((one) => one.name);
    if (inPath.join() !== declared.join()) faults.push(`${where}: the parameters of the path are not those declared`);
    for (const { name, description: words, schema, example } of parameters) {
      if (!words) faults.push(`${where}: ${name} is not described`);
      const validate = ajv.compile(schema);
      if (example !== undefined && !validate(example)) faults.push(`${where}: the example of ${name} is refused`);
    }
    for (const [status, response] of Object.entries(operation.responses))
      checkResponse(response, `${where}, ${status}`);
  }
for (const name of outside) checkResponse(description.components.responses[name], name);

for (const fault of faults) console.error(`openapi.json: ${fault}`);
if (faults.length > 0) exit(1);
console.log(`${ids.size} operations, ${Object.keys(description.components.schemas).length} schemas`);
