/** A function that every object which uses it defines weakly: what no kernel may do. */
#pragma once

__attribute__((noinline)) inline float shared_by_objects(float x) { return x * x; }
