#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <memory>
#include <optional>

#include "generator/cli/command.hpp"
#include "generator/cli/publish_options.hpp"
#include "generator/publish/publisher.hpp"

namespace balise {

namespace {

struct RollbackOptions {
  ReleaseOptions release;
  std::optional<std::uint64_t> version;
};

Exit roll_back(const RollbackOptions& options) {
  const PublishOptions all = publish_options_of(options.release);
  const SecretKey key = SecretKey::load(options.release.key);
  if (!std::filesystem::exists(options.release.to / "history.jsonl"))
    throw Failure(Exit::failed,
                  options.release.to.string() + " holds no releases; name the folder that 'balise publish --to' wrote");
  Publisher publisher(options.release.to);
  print(publisher.roll_back(options.version, key, all), options.release);
  return Exit::done;
}

}  // namespace

void add_rollback_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "rollback", "Publish once more what an earlier release held; pages take it, as its version is higher");
  auto options = std::make_shared<RollbackOptions>();
  add_release_options(*command, options->release);
  command->add_option("VERSION", options->version, "Which release [what was there before the current one]");
  command->callback([options, &action] { action = [options] { return roll_back(*options); }; });
}

}  // namespace balise
