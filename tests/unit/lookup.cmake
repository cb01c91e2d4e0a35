balise_add_tests(
  lookup_tests
  balise_write
  key_facts_test.cpp
  lookup_files_test.cpp
  lookup_routes_test.cpp
  lookup_support.cpp
  lookup_test.cpp
  made_up_records.cpp
  metiers_test.cpp)
target_link_libraries(lookup_tests PRIVATE balise_ingest)
