balise_add_tests(publication_tests balise_publish made_up_records.cpp publisher_test.cpp retention_test.cpp
                 signature_test.cpp)
