/* A program in C: trains two parameters, saves and loads them, and provokes errors. Returns the number of the line of
 * the first check that fails. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "steplab/steplab.h"

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "line %d: %s: %s\n", __LINE__, #condition, steplab_last_error()); \
      return 1;                                                               \
    }                                                                         \
  } while (0)

static int train(steplab_optimizer* opt, float* w, float* b, int steps) {
  float gw[3], gb[1];
  for (int step = 0; step < steps; ++step) {
    for (int i = 0; i < 3; ++i) gw[i] = w[i] - 1;
    gb[0] = b[0] + 2;
    if (steplab_set_gradient(opt, 0, gw) != 0 || steplab_set_gradient(opt, 1, gb) != 0) return -1;
    if (steplab_step(opt) != 0) return -1;
  }
  return 0;
}

static steplab_optimizer* make(float* w, float* b) {
  const char* options[] = {"variant", "xsimd/serial", "decay_order", "before", NULL};
  steplab_optimizer* opt = steplab_create("adamw", options);
  if (opt == NULL) return NULL;
  steplab_set_hyper(opt, 0, "lr", 0.05);
  steplab_set_hyper(opt, -1, "weight_decay", 0);
  steplab_add(opt, "w", w, 3, 0);
  steplab_add(opt, "b", b, 1, steplab_add_group(opt));
  steplab_set_hyper(opt, 1, "lr", 0.1);
  return opt;
}

int main(int argc, char** argv) {
  const char* path = argc > 1 ? argv[1] : "program.safetensors";
  float w[3] = {0, 0, 0}, b[1] = {0};
  steplab_optimizer* opt = make(w, b);
  CHECK(opt != NULL);
  CHECK(train(opt, w, b, 300) == 0);
  CHECK(fabsf(w[0] - 1) < 1e-2f && fabsf(b[0] + 2) < 1e-2f);
  CHECK(steplab_step_count(opt, 1) == 300);
  CHECK(steplab_save(opt, path) == 0);

  float w2[3], b2[1] = {0};
  memset(w2, 0, sizeof w2);
  steplab_optimizer* again = make(w2, b2);
  CHECK(steplab_load(again, path) == 0);
  CHECK(memcmp(w, w2, sizeof w) == 0 && b2[0] == b[0]);
  CHECK(train(opt, w, b, 7) == 0 && train(again, w2, b2, 7) == 0);
  CHECK(memcmp(w, w2, sizeof w) == 0 && b2[0] == b[0]);

  float m[3], expected[3] = {1, 2, 3};
  CHECK(steplab_set_state(again, 0, "m", expected, 3) == 0 && steplab_get_state(again, 0, "m", m, 3) == 0);
  CHECK(memcmp(m, expected, sizeof m) == 0);
  double lr = 0;
  CHECK(steplab_get_hyper(again, 1, "lr", &lr) == 0 && lr == 0.1);

  CHECK(steplab_create("lion2", NULL) == NULL && strstr(steplab_last_error(), "'lion2'") != NULL);
  const char* bad[] = {"threads", "many", NULL};
  CHECK(steplab_create("sgd", bad) == NULL && strstr(steplab_last_error(), "threads is 'many'") != NULL);
  const char* odd[] = {"threads", NULL};
  CHECK(steplab_create("sgd", odd) == NULL && strstr(steplab_last_error(), "has no value") != NULL);
  const char* variant[] = {"variant", "cuda", NULL};
  CHECK(steplab_create("sgd", variant) == NULL && strstr(steplab_last_error(), "'cuda'") != NULL);
  CHECK(steplab_set_hyper(opt, 0, "lr", -1) == -1 && strstr(steplab_last_error(), "lr is -1") != NULL);
  CHECK(steplab_set_hyper(opt, 7, "lr", 1) == -1 && strstr(steplab_last_error(), "group 7") != NULL);
  CHECK(steplab_set_hyper(opt, 0, "speed", 1) == -1 && strstr(steplab_last_error(), "'speed'") != NULL);
  CHECK(steplab_add(opt, "late", w, 3, 0) == -1 && strstr(steplab_last_error(), "used already") != NULL);
  CHECK(steplab_set_gradient(opt, 9, w2) == -1 && strstr(steplab_last_error(), "parameter 9") != NULL);
  CHECK(steplab_set_gradient(opt, 0, w) == 0 && steplab_step(opt) == -1);
  CHECK(strstr(steplab_last_error(), "overlaps a parameter") != NULL);
  CHECK(steplab_get_state(opt, 0, "m", m, 2) == -1 && strstr(steplab_last_error(), "room for 2") != NULL);
  CHECK(steplab_get_state(opt, 0, "velocity", m, 3) == -1 && strstr(steplab_last_error(), "'velocity'") != NULL);
  CHECK(steplab_load(opt, "no such file") == -1 && steplab_step(NULL) == -1);
  CHECK(strstr(steplab_last_error(), "null pointer") != NULL);
  steplab_optimizer* empty = steplab_create("sgd", NULL);
  CHECK(steplab_step(empty) == -1 && strstr(steplab_last_error(), "group 0 has no parameters") != NULL);

  steplab_destroy(empty);
  steplab_destroy(again);
  steplab_destroy(opt);
  steplab_destroy(NULL);
  printf("steplab %s: all checks hold\n", steplab_version());
  return 0;
}
