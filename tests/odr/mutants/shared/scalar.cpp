#include "tests/odr/mutants/shared.hpp"

float first_user(float x);
float first_user(float x) { return shared_by_objects(x); }
