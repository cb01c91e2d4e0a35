#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "generator/api.hpp"
#include "generator/cli/command.hpp"

namespace balise {

namespace {

struct ApiOptions {
  std::filesystem::path site;
  std::string url;
  std::string method = "GET";
  bool include = false;
  bool is_own = false;
};

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 501:
      return "Not Implemented";
    default:
      return "Internal Server Error";
  }
}

Exit run_api(const ApiOptions& options) {
  Site site(options.site);
  const std::string path = path_of_url(options.url);
  const v1::Answer answer = answer_api(site, {options.method, path, options.is_own});
  if (options.include)
    std::cout << "HTTP/1.1 " << answer.status << ' ' << reason_of(answer.status) << "\r\n\r\n";
  std::cout << answer.body;
  if (answer.status >= 500)
    return Exit::server_error;
  return answer.status >= 400 ? Exit::client_error : Exit::done;
}

}  // namespace

void add_api_command(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("api", "Answer a URL of the V1 API (docs/API.md); exit code 0 for 2xx, 5 for 4xx, 6 for 5xx");
  auto options = std::make_shared<ApiOptions>();
  command->add_option("--site", options->site, "Folder of the site")->required();
  command->add_option("URL", options->url, "Path and query: '/api/V1/jobs?romes=F1702&caller=me'")->required();
  command->add_flag("--include", options->include, "First print the status line, as curl -i does");
  command->add_option("--method", options->method, "HTTP method")->capture_default_str();
  command->add_flag("--own", options->is_own, "Answer as for a page of the site itself, which needs no caller");
  command->callback([options, &action] { action = [options] { return run_api(*options); }; });
}

}  // namespace balise
