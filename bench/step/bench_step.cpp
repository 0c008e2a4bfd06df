/** What does one optimizer step cost? Every optimizer by every kernel and schedule, over sizes from L1 to
 *  memory, as one tensor and as the tensors of real networks, and in forms before fusing; each cell verified
 *  bit for bit first, each beside the bare stream of its shape. Bytes a parameter: each array once per
 *  access, reads and writes apart, no write-allocate. */
#include "bench/harness/program.hpp"
#include "bench/step/step_cells.hpp"

int main(int argc, char** argv) {
  return steplab::bench::run_program(argc, argv, steplab::bench::add_step_cells,
                                     steplab::bench::Drift::checked);
}
