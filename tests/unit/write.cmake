balise_add_tests(
  write_tests
  balise_write
  join_test.cpp
  made_up_records.cpp
  publish_test.cpp
  search_test.cpp
  shard_test.cpp)
