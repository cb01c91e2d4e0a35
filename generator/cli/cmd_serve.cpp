#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "generator/api.hpp"
#include "generator/cli/command.hpp"
#include "generator/cli/serve.hpp"

namespace balise {

void add_serve_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("serve", "Preview a site on this machine, served as a CDN would");
  auto options = std::make_shared<ServeOptions>();
  command->add_option("--site", options->site, "Folder of the site")->required();
  command->add_option("--port", options->port, "Port; 0 is any free one")->capture_default_str();
  command->add_option("--host", options->host, "Address to listen on")->capture_default_str();
  command->callback([options, &action] {
    action = [options] {
      ApiServer api(options->site);
      options->api = [&api](std::string_view method, std::string_view path_and_query, bool is_own) {
        v1::Answer answer = api.answer({method, path_and_query, is_own});
        return ApiAnswer{answer.status, std::move(answer.body)};
      };
      return serve(*options);
    };
  });
}

}  // namespace balise
