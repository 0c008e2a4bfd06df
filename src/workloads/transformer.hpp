/** A decoder-only character transformer on the King James text (compute/transformer.hpp has the model and the
 *  order of its tensors, king_james.hpp the text).
 *
 *  Sample i is the 64 characters from 64·i on, each predicting the next one: an epoch sees every character of
 *  the training text once. Tensors, blocks b counted from 1:
 *
 *    token.weight {38, width}                        position.weight {64, width}
 *    block<b>.norm1.weight, .bias {width}            block<b>.norm2.weight, .bias {width}
 *    block<b>.attention.weight {3·width, width}, .bias
 *    block<b>.projection.weight {width, width}, .bias
 *    block<b>.fc1.weight {4·width, width}, .bias     block<b>.fc2.weight {width, 4·width}, .bias
 *    norm.weight, norm.bias                          head.weight {38, width}
 *
 *  Weights start as GPT-2's (Radford et al. 2019), whose deviation of 0.02 at width 768 is scaled as 1/√width,
 *  and divided by √(2·blocks) where a block writes to the residual stream; norms at 1, biases at 0.
 *
 *  Loss is the mean cross-entropy in nats a character, accuracy the share of next characters that had the
 *  largest logit. validate() looks at 256 samples (16 Ki characters) spread evenly over the validation books,
 *  test() at 1 024 of the test books: each character with the up to 63 before it in its sample. */
#pragma once

#include <memory>
#include <vector>

#include "workloads/aligned.hpp"
#include "workloads/compute/transformer.hpp"
#include "workloads/king_james.hpp"
#include "workloads/workload.hpp"

namespace steplab::workloads {

class Transformer : public Workload {
 public:
  static constexpr std::size_t sequences = 16;
  static constexpr TransformerShape shapes[] = {{16, 1, KingJames::vocabulary},
                                                {32, 2, KingJames::vocabulary},
                                                {64, 2, KingJames::vocabulary},
                                                {64, 4, KingJames::vocabulary},
                                                {128, 4, KingJames::vocabulary}};
  static constexpr SizeInfo sizes[] = {{"small", shapes[0].parameters(), "width 16, 1 block of 1 head"},
                                       {"medium", shapes[1].parameters(), "width 32, 2 blocks of 2 heads"},
                                       {"large", shapes[2].parameters(), "width 64, 2 blocks of 4 heads"},
                                       {"xlarge", shapes[3].parameters(), "width 64, 4 blocks of 4 heads"},
                                       {"xxlarge", shapes[4].parameters(), "width 128, 4 blocks of 8 heads"}};
  static constexpr OptionInfo options[] = {
      {"train_characters", KingJames::train_count, sequences* TransformerShape::context + 1,
       KingJames::train_count, true, "characters to train on, from the start: few make the model overfit"}};
  static std::unique_ptr<Workload> make(const Request& request) {
    return std::make_unique<Transformer>(shapes[request.size], request);
  }
  static const WorkloadInfo info;

  Transformer(const TransformerShape& shape, const Request& request);

  [[nodiscard]] std::size_t train_count() const override { return train_samples_; }
  [[nodiscard]] std::size_t default_batch() const override { return sequences; }
  [[nodiscard]] std::string_view data_isa() const override { return compute_->isa; }

  void initialize(std::uint64_t seed, MutableValues values) override;
  double loss_and_gradient(std::span<const std::int64_t> batch, Values values,
                           MutableValues gradients) override;
  Metrics validate(Values values) override;
  Metrics test(Values values) override;

 private:
  Metrics evaluate(const std::vector<std::uint8_t>& text, std::size_t samples, Values values);
  [[nodiscard]] TransformerPass<float> pass(const std::uint8_t* text, Values values) const;

  TransformerShape shape_;
  std::size_t train_samples_;
  std::shared_ptr<const KingJames> data_;
  const TransformerCompute* compute_;
  AlignedArray<float> memory_;
  std::vector<std::int64_t> starts_;
};

inline constexpr WorkloadInfo Transformer::info{"transformer",
                                                "1",
                                                "a decoder-only character transformer on the King James text",
                                                Transformer::sizes,
                                                Transformer::options,
                                                &Transformer::make};

}  // namespace steplab::workloads
