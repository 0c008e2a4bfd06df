/** A program of someone else: fits y = 3x − 2 with AdamW and checks what it found. */
#include <cmath>
#include <cstdio>

#include "steplab/optimizer.hpp"

int main() {
  steplab::Parameters params;
  const auto line = params.add("line", {2});  // slope, offset
  steplab::AdamW opt(params, {.lr = 0.05, .weight_decay = 0}, {.variant = "xsimd/tbb", .threads = 2});
  for (int step = 0; step < 2000; ++step) {
    const auto value = params.value(line);
    const auto gradient = params.gradient(line);
    gradient[0] = gradient[1] = 0;
    for (float x = -1; x <= 1; x += 0.25F) {
      const float error = value[0] * x + value[1] - (3 * x - 2);
      gradient[0] += error * x;
      gradient[1] += error;
    }
    opt.step();
  }
  const float slope = params.value(line)[0];
  const float offset = params.value(line)[1];
  std::printf("y = %.4f x + %.4f by %s, %zu bytes of state\n", static_cast<double>(slope),
              static_cast<double>(offset), opt.variant().c_str(), opt.bytes().state);
  try {
    opt.set_lr(-1);
    return 1;
  } catch (const steplab::Error& error) {
    std::printf("%s\n", error.what());
  }
  return std::fabs(slope - 3) < 1e-3F && std::fabs(offset + 2) < 1e-3F && opt.bytes().state == 16 ? 0 : 1;
}
