balise_add_tests(night_tests balise_night gates_test.cpp input_support.cpp)
