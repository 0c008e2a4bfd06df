/** Every public call with what it does not accept, in one table: the message names the value and what is
 *  accepted, nothing has changed, and the next step is the one that would have come without the call. */
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "steplab/checkpoint.hpp"
#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/schedule/schedule.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/model.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/snapshot.hpp"

namespace steplab::test {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/** An optimizer in the middle of its work, over owned and borrowed parameters, and one parameter more. */
struct Subject {
  std::vector<float> memory = std::vector<float>(40);
  Parameters params;
  ParameterId w = params.add("w", {6});
  ParameterId u = params.add_view("u", {2, 5}, std::span(memory).subspan(0, 10));
  ParameterId outside = params.add("outside", {3});
  SGD opt;

  Subject() : opt(params, std::vector{w, u}, {.momentum = 0.5}, {.variant = "xsimd/serial"}) {
    for (const ParameterId id : {w, u, outside}) std::ranges::fill(params.gradient(id), 1.0F);
    opt.step();
  }
  std::span<float> spare(std::size_t n) { return std::span(memory).subspan(20, n); }
};

struct Refused {
  const char* what;
  std::function<void(Subject&)> call;
  std::vector<std::string_view> parts;
};

/** An optimizer made with a change to the options. */
template <class Change>
std::function<void(Subject&)> made_with(Change change) {
  return [=](Subject& s) {
    Options options{.variant = "xsimd/serial"};
    change(options);
    SGD(s.params, std::vector{s.outside}, {}, options);
  };
}

std::vector<Refused> of_parameters() {
  const ParameterId none{77};
  const auto exists_not = std::vector<std::string_view>{"parameter 77 does not exist", "there are 3"};
  return {
      {"add, empty name", [](Subject& s) { s.params.add("", {1}); }, {"name is empty", "accepted"}},
      {"add, used name", [](Subject& s) { s.params.add("u", {1}); }, {"'u' is used already", "unique"}},
      {"add, not UTF-8",
       [](Subject& s) { s.params.add("a\xff", {1}); },
       {"'a\\xff' is not UTF-8", "accepted"}},
      {"add, overflow",
       [](Subject& s) {
         s.params.add("x", {std::size_t{1} << 40, std::size_t{1} << 40});
       },
       {"[1099511627776, 1099511627776]", "too many elements", "accepted: at most"}},
      {"add, overflow beside zero",
       [](Subject& s) {
         s.params.add("x", {0, std::size_t{1} << 40, std::size_t{1} << 40});
       },
       {"too many elements"}},
      {"add_view, other size",
       [](Subject& s) {
         s.params.add_view("x", {2, 2}, s.spare(5));
       },
       {"'x'", "[2, 2]", "4 elements", "5 values"}},
      {"add_view, scalar of nothing",
       [](Subject& s) { s.params.add_view("x", {}, {}); },
       {"1 elements", "0 values"}},
      {"add_view, over a view",
       [](Subject& s) { s.params.add_view("x", {1}, s.params.value(s.u).subspan(9)); },
       {"'x'", "another parameter", "accepted: memory of their own"}},
      {"add_view, over a gradient",
       [](Subject& s) { s.params.add_view("x", {6}, s.params.gradient(s.w)); },
       {"'x'", "a gradient", "accepted"}},
      {"add_view, over state",
       [](Subject& s) { s.params.add_view("x", {6}, s.opt.state(s.w, "velocity")); },
       {"'x'", "an optimizer's state", "accepted"}},
      {"find", [](Subject& s) { (void)s.params.find("bias"); }, {"'bias'", "known: w, u, outside"}},
      {"set_gradient, other size",
       [](Subject& s) { s.params.set_gradient(s.w, s.spare(5)); },
       {"'w' has 6 elements", "gradient has 5"}},
      {"set_gradient, none", [=](Subject& s) { s.params.set_gradient(none, s.spare(5)); }, exists_not},
      {"gradient", [=](Subject& s) { s.params.gradient(none); }, exists_not},
      {"present_gradient", [=](Subject& s) { (void)s.params.present_gradient(none); }, exists_not},
      {"clear_gradient", [=](Subject& s) { s.params.clear_gradient(none); }, exists_not},
      {"has_gradient", [=](Subject& s) { (void)s.params.has_gradient(none); }, exists_not},
      {"value", [=](Subject& s) { (void)s.params.value(none); }, exists_not},
      {"name", [=](Subject& s) { (void)s.params.name(none); }, exists_not},
      {"shape", [=](Subject& s) { (void)s.params.shape(none); }, exists_not},
      {"element_count", [=](Subject& s) { (void)s.params.element_count(none); }, exists_not},
      {"is_view", [=](Subject& s) { (void)s.params.is_view(none); }, exists_not},
  };
}

std::vector<Refused> of_options() {
  const auto clip = [](double value) { return made_with([=](Options& o) { o.clip_norm = value; }); };
  const auto scale = [](double value) { return made_with([=](Options& o) { o.gradient_scale = value; }); };
  const auto variant = [](const char* text) { return made_with([=](Options& o) { o.variant = text; }); };
  const auto threads = [](int n) { return made_with([=](Options& o) { o.threads = n; }); };
  return {
      {"threads 0", threads(0), {"threads is 0; accepted: 1 to 1024"}},
      {"threads -3", threads(-3), {"threads is -3; accepted: 1 to 1024"}},
      {"threads 1025", threads(1025), {"threads is 1025; accepted: 1 to 1024"}},
      {"variant, empty", variant(""), {"variant ''", "accepted: kernel/schedule", "scalar/serial"}},
      {"variant, kernel", variant("mmx/serial"), {"'mmx'", "supported: ", "scalar", "autovec"}},
      {"variant, schedule", variant("scalar/fibers"), {"'scalar/fibers'", "scalar/serial"}},
      {"variant, no kernel", variant("/serial"), {"'/serial'", "scalar/serial"}},
      {"variant, no schedule", variant("scalar/"), {"'scalar/'", "scalar/serial"}},
      {"variant, too many parts", variant("scalar/serial/tbb"), {"'scalar/serial/tbb'"}},
      {"variant, blank", variant(" scalar/serial"), {"' scalar'"}},
      {"block_elements",
       made_with([](Options& o) { o.block_elements = 0; }),
       {"block_elements is 0; accepted: 1 or more"}},
      {"clip_norm 0", clip(0), {"clip_norm is 0; accepted: finite numbers above 0"}},
      {"clip_norm -0", clip(-0.0), {"clip_norm is -0;"}},
      {"clip_norm -1e-9", clip(-1e-9), {"clip_norm is -1e-09; accepted"}},
      {"clip_norm nan", clip(nan), {"clip_norm is nan; accepted"}},
      {"clip_norm inf", clip(infinity), {"clip_norm is inf; accepted"}},
      {"gradient_scale 0",
       scale(0),
       {"gradient_scale is 0; accepted: numbers above 0", "float32", "inverse"}},
      {"gradient_scale -2", scale(-2), {"gradient_scale is -2; accepted"}},
      {"gradient_scale nan", scale(nan), {"gradient_scale is nan; accepted"}},
      {"gradient_scale inf", scale(infinity), {"gradient_scale is inf; accepted"}},
      {"gradient_scale 1e39", scale(1e39), {"gradient_scale is 1e+39; accepted"}},
      {"gradient_scale 1e-39", scale(1e-39), {"gradient_scale is 1e-39; accepted"}},
      {"gradient_scale 1e-300", scale(1e-300), {"gradient_scale is 1e-300; accepted"}},
  };
}

std::vector<Refused> of_optimizer() {
  const ParameterId none{77};
  const GroupId nowhere{9};
  const auto no_group = std::vector<std::string_view>{"group 9 does not exist; there are 1"};
  const auto no_member = std::vector<std::string_view>{"'outside' is in no group", "accepted"};
  static const float three[3] = {1, 2, 3};
  return {
      {"constructor, no parameters",
       [](Subject& s) { SGD(s.params, std::span<const ParameterId>{}); },
       {"list is empty; accepted: one parameter or more"}},
      {"constructor, twice",
       [](Subject& s) {
         SGD(s.params, std::vector{s.w, s.w});
       },
       {"'w' is in a group already"}},
      {"constructor, hyper", [](Subject& s) { SGD(s.params, {.lr = nan}); }, {"sgd: lr is nan; accepted"}},
      {"add_group, empty",
       [](Subject& s) { s.opt.add_group(std::vector<ParameterId>{}, SgdHyper{}); },
       {"list is empty; accepted"}},
      {"add_group, member",
       [](Subject& s) {
         s.opt.add_group(std::vector{s.outside, s.u}, {});
       },
       {"'u' is in a group already; accepted: one group each"}},
      {"add_group, twice",
       [](Subject& s) {
         s.opt.add_group(std::vector{s.outside, s.outside}, {});
       },
       {"'outside' is in a group already"}},
      {"add_group, none",
       [=](Subject& s) {
         s.opt.add_group(std::vector{s.outside, none}, {});
       },
       {"parameter 77 does not exist"}},
      {"add_group, hyper",
       [](Subject& s) { s.opt.add_group(std::vector{s.outside}, {.momentum = -1}); },
       {"momentum is -1; accepted"}},
      {"group", [=](Subject& s) { (void)s.opt.group(nowhere); }, no_group},
      {"hyper", [=](Subject& s) { (void)s.opt.hyper(nowhere); }, no_group},
      {"set_hyper", [=](Subject& s) { s.opt.set_hyper(nowhere, {}); }, no_group},
      {"set_hyper, value",
       [](Subject& s) { s.opt.set_hyper(GroupId{0}, {.lr = 1, .dampening = infinity}); },
       {"dampening is inf; accepted"}},
      {"set_hyper, conflict",
       [](Subject& s) { s.opt.set_hyper(GroupId{0}, {.nesterov = true}); },
       {"nesterov needs a momentum above 0"}},
      {"set_lr, group", [=](Subject& s) { s.opt.set_lr(nowhere, 1); }, no_group},
      {"set_lr, nan", [](Subject& s) { s.opt.set_lr(nan); }, {"lr is nan; accepted"}},
      {"set_lr of one, negative", [](Subject& s) { s.opt.set_lr(GroupId{0}, -1); }, {"lr is -1; accepted"}},
      {"set_clip_norm", [](Subject& s) { s.opt.set_clip_norm(-5.0); }, {"clip_norm is -5; accepted"}},
      {"set_gradient_scale",
       [](Subject& s) { s.opt.set_gradient_scale(0); },
       {"gradient_scale is 0; accepted"}},
      {"step, none",
       [=](Subject& s) {
         s.opt.step(std::vector{s.w, none});
       },
       {"parameter 77 does not exist"}},
      {"step, no member",
       [](Subject& s) {
         s.opt.step(std::vector{s.w, s.outside});
       },
       no_member},
      {"state, slot", [](Subject& s) { (void)s.opt.state(s.w, "m"); }, {"'m' of sgd; it has velocity"}},
      {"state, none", [=](Subject& s) { (void)s.opt.state(none, "velocity"); }, {"parameter 77"}},
      {"set_state, slot", [](Subject& s) { s.opt.set_state(s.outside, "", three); }, {"''", "velocity"}},
      {"set_state, no member", [](Subject& s) { s.opt.set_state(s.outside, "velocity", three); }, no_member},
      {"set_state, size",
       [](Subject& s) { s.opt.set_state(s.w, "velocity", three); },
       {"'w' has 6 elements", "3 values"}},
      {"set_step_count, none", [=](Subject& s) { s.opt.set_step_count(none, 1); }, {"parameter 77"}},
      {"set_step_count, no member", [](Subject& s) { s.opt.set_step_count(s.outside, 1); }, no_member},
      {"step_count", [=](Subject& s) { (void)s.opt.step_count(none); }, {"parameter 77"}},
      {"set_momentum_state, name",
       [](Subject& s) {
         s.opt.set_momentum_state(std::vector<std::pair<std::string, std::vector<float>>>{
             {"w", std::vector<float>(6, 9.0F)}, {"bias", {1}}});
       },
       {"'bias'", "known: w, u, outside"}},
  };
}

std::vector<Refused> of_dispatch() {
  return {
      {"find_kernel", [](Subject&) { (void)find_kernel(""); }, {"kernel ''", "supported: ", "xsimd"}},
      {"make_schedule", [](Subject&) { (void)make_schedule("fibers", 1); }, {"'fibers'; known: serial, tbb"}},
      {"make_schedule, threads",
       [](Subject&) { (void)make_schedule("serial", 0); },
       {"threads is 0; accepted"}},
      {"find_rule", [](Subject&) { (void)find_rule("lion"); }, {"'lion'", "sgd, adam, adamw"}},
      {"field", [](Subject& s) { (void)s.opt.rule().field("beta1"); }, {"'beta1' of sgd; it has lr"}},
  };
}

/** A failing row is printed by its name. */
void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.what; }

class RefusedCalls : public testing::TestWithParam<Refused> {};

TEST_P(RefusedCalls, NameTheValueAndChangeNothing) {
  Subject subject, twin;
  const auto all = [](Subject& s) { return std::tuple(Snapshot(s.opt), s.params.size(), s.memory); };
  const auto before = all(subject);
  const std::string text = refusal([&] { GetParam().call(subject); });
  ASSERT_NE(text, "") << "was accepted";
  for (const std::string_view part : GetParam().parts) EXPECT_TRUE(says(text, {part}));
  EXPECT_TRUE(before == all(subject));
  EXPECT_EQ(subject.opt.options().clip_norm, twin.opt.options().clip_norm);
  EXPECT_EQ(subject.opt.options().gradient_scale, 1);
  EXPECT_EQ(subject.opt.step().updated, 2U);
  twin.opt.step();
  EXPECT_TRUE(all(subject) == all(twin)) << "the next step is another one";
}

std::string name_of(const testing::TestParamInfo<Refused>& test) { return test_name(test.param.what); }
INSTANTIATE_TEST_SUITE_P(Parameters, RefusedCalls, testing::ValuesIn(of_parameters()), name_of);
INSTANTIATE_TEST_SUITE_P(Options, RefusedCalls, testing::ValuesIn(of_options()), name_of);
INSTANTIATE_TEST_SUITE_P(Optimizer, RefusedCalls, testing::ValuesIn(of_optimizer()), name_of);
INSTANTIATE_TEST_SUITE_P(Dispatch, RefusedCalls, testing::ValuesIn(of_dispatch()), name_of);

}  // namespace
}  // namespace steplab::test
