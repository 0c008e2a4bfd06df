#include "bench/trials/text.hpp"

namespace steplab::trials {
namespace {
struct Name {};
}  // namespace
constinit const Loops loops_avx2 = make<lanes::Xsimd<Name, xsimd::avx2>>("avx2");
}  // namespace steplab::trials
