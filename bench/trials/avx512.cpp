#include "bench/trials/text.hpp"

namespace steplab::trials {
namespace {
struct Name {};
}  // namespace
constinit const Loops loops_avx512 = make<lanes::Xsimd<Name, xsimd::avx512bw>>("avx512");
}  // namespace steplab::trials
