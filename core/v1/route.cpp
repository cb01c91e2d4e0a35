#include "core/v1/route.hpp"

#include "core/json.hpp"

namespace balise::v1 {

namespace {

class ReadyRoute : public Route {
 public:
  explicit ReadyRoute(Answer answer) : m_answer(std::move(answer)) {}
  Result<List<FileId>> advance() override { return List<FileId>(); }
  [[nodiscard]] Answer answer() const override { return m_answer; }

 private:
  Answer m_answer;
};

}  // namespace

std::string_view value_of(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters)
    if (key == name)
      return value;
  return {};
}

std::unique_ptr<Route> ready(Answer answer) {
  return std::make_unique<ReadyRoute>(std::move(answer));
}

Answer wrong_parameters(const std::vector<std::string>& messages) {
  JsonWriter json;
  json.begin_object();
  json.key("error");
  json.text("wrong_parameters");
  json.key("error_messages");
  json.begin_array();
  for (const std::string& message : messages)
    json.text(message);
  json.end_array();
  json.end_object();
  return {400, json.take()};
}

}  // namespace balise::v1
