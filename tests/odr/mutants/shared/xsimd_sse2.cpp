#include "tests/odr/mutants/shared.hpp"

float second_user(float x);
float second_user(float x) { return shared_by_objects(x); }
