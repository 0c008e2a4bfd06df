/** The state of one optimizer: for each slot of its rule an arena over the parameters' layouts. A parameter's
 *  slot exists once it was created; creating it only makes memory usable, the step that follows fills it. */
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "steplab/optimizer/rule_info.hpp"
#include "steplab/state/parameters_impl.hpp"

namespace steplab {

class SlotStore {
 public:
  /** Registers itself with the parameters, which must outlive it. */
  SlotStore(const RuleInfo& rule, Parameters::Impl& params);
  ~SlotStore();
  SlotStore(const SlotStore&) = delete;
  SlotStore& operator=(const SlotStore&) = delete;

  /** Makes memory of a slot usable for every parameter there is. Strong guarantee. */
  void prepare(std::size_t slot);
  [[nodiscard]] bool prepared(std::size_t slot, std::size_t parameter) const;
  [[nodiscard]] bool created(std::size_t slot, std::size_t parameter) const {
    return (created_[parameter] >> slot & 1U) != 0;
  }
  /** Marks a prepared slot as holding state. */
  void mark_created(std::size_t slot, std::size_t parameter) {
    created_[parameter] = static_cast<unsigned char>(created_[parameter] | 1U << slot);
  }
  /** Which slots of a parameter hold state, a bit a slot; those must be prepared. */
  void set_created(std::size_t parameter, unsigned slots) {
    created_[parameter] = static_cast<unsigned char>(slots);
  }
  /** Makes room for parameters that were added since. */
  void resize();
  [[nodiscard]] float* address(std::size_t slot, std::size_t parameter) const;
  /** Elements of a created slot; empty otherwise. */
  [[nodiscard]] std::span<float> values(std::size_t slot, std::size_t parameter) const;
  [[nodiscard]] bool overlaps(const float* begin, const float* end) const;
  /** Calls visit(begin, end) for each range of its memory. */
  template <class Visit>
  void each_range(const Visit& visit) const {
    for (const auto& arenas : arenas_) {
      for (const Arena& arena : arenas) arena.each_range(visit);
    }
  }
  /** Bytes of created slots. */
  [[nodiscard]] std::size_t bytes() const;
  /** Bytes from the start of each arena to its end in use, paddings included. */
  [[nodiscard]] std::size_t reserved_bytes() const;
  void copy_from(const SlotStore& other);

 private:
  const RuleInfo* rule_;
  Parameters::Impl* params_;
  /** By slot, by owned or borrowed; behind values and gradients in the order of streams. */
  std::array<std::array<Arena, 2>, max_slots> arenas_{
      {{Arena{2}, Arena{2}}, {Arena{3}, Arena{3}}, {Arena{4}, Arena{4}}}};
  std::array<std::size_t, max_slots> prepared_{};  ///< parameters that the arenas cover
  std::vector<unsigned char> created_;             ///< by parameter, a bit a slot
};

}  // namespace steplab
