#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>
#include <memory>

#include "generator/cli/command.hpp"
#include "generator/publish/signature.hpp"

namespace balise {

namespace {

struct KeyOptions {
  std::filesystem::path file;
  bool is_new = false;
};

Exit key(const KeyOptions& options) {
  const SecretKey secret = options.is_new ? SecretKey::create(options.file) : SecretKey::load(options.file);
  std::cout << text_of(secret.public_key()) << '\n';
  if (options.is_new)
    std::cerr << "balise: " << options.file.string()
              << " holds the secret key: keep it off the site, and a copy of it off this machine; the public key above "
                 "goes into \"keys\" of the config\n";
  return Exit::done;
}

}  // namespace

void add_key_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("key", "Make a key that signs what is published, or print the public key of one");
  auto options = std::make_shared<KeyOptions>();
  command->add_flag("--new", options->is_new, "Make a new key and write it to FILE, which must not exist");
  command->add_option("FILE", options->file, "File of the secret key")->required();
  command->callback([options, &action] { action = [options] { return key(*options); }; });
}

}  // namespace balise
