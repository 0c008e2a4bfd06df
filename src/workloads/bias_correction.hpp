/** Adam and AdamW without one or both of their bias corrections, by the library's own optimizers.
 *
 *  With b₁ = 1−β₁ᵗ and b₂ = 1−β₂ᵗ the optimizer computes, for the lr η′, ε′ and decay λ′ that it is given,
 *    p ← p − η′/b₁ · m / (√w/√b₂ + ε′) − η′λ′p.
 *  Each variant is this for other values, exact but for roundings in double:
 *    m alone   η/b₁ · m/(√w + ε)       =  (η/√b₂)/b₁ · m/(√w/√b₂ + ε/√b₂):   η′ = η/√b₂,    ε′ = ε/√b₂
 *    v alone   η · m/(√w/√b₂ + ε)      =  (ηb₁)/b₁ · m/(√w/√b₂ + ε):         η′ = ηb₁,      ε′ = ε
 *    none      η · m/(√w + ε)          =  both of them together:             η′ = ηb₁/√b₂,  ε′ = ε/√b₂
 *  AdamW's decay stays η′λ′ = ηλ by λ′ = λη/η′ (and with it the factor 1 − ηλ of its decay order `after`); in
 *  Adam decay is a part of the gradient, on which no correction acts. */
#pragma once

#include <cstdint>
#include <string_view>

#include "steplab/optimizer/rule_info.hpp"

namespace steplab::workloads {

/** Which of the moments' bias corrections are applied. */
enum class BiasCorrection { both, m, v, none };

/** "both", "m", "v", "none"; InvalidArgument for another name. */
BiasCorrection parse_correction(std::string_view name);
std::string_view correction_name(BiasCorrection correction);

/** InvalidArgument when the rule has no such corrections to leave out. */
void check_correction(BiasCorrection correction, const RuleInfo& rule);

/** What to give the optimizer for its step t, from 1. */
HyperValues with_correction(BiasCorrection correction, const RuleInfo& rule, HyperValues hyper,
                            std::uint64_t t);

}  // namespace steplab::workloads
