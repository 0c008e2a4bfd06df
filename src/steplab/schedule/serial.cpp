/** Schedule serial: the calling thread runs all blocks in order. */
#include "steplab/schedule/schedules.hpp"

namespace steplab {
namespace {

class Serial : public Schedule {
 public:
  void run(std::size_t blocks, BlockBody body, void* context) override {
    if (blocks > 0) body(context, 0, blocks);
  }
  [[nodiscard]] std::string_view name() const override { return "serial"; }
  [[nodiscard]] int threads() const override { return 1; }
};

}  // namespace

std::shared_ptr<Schedule> make_serial(int, Partitioner) {
  static const auto schedule = std::make_shared<Serial>();
  return schedule;
}

}  // namespace steplab
