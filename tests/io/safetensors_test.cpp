#include "steplab/io/safetensors.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <random>

namespace steplab::safetensors {
namespace {

/** A file's bytes from its header's JSON and as many bytes of data, which count upwards. */
std::vector<std::byte> file_bytes(const std::string& json, std::size_t data_bytes) {
  std::vector<std::byte> bytes(8 + json.size() + data_bytes);
  const std::uint64_t size = json.size();
  std::memcpy(bytes.data(), &size, 8);
  std::memcpy(bytes.data() + 8, json.data(), json.size());
  for (std::size_t i = 0; i < data_bytes; ++i) bytes[8 + json.size() + i] = static_cast<std::byte>(i);
  return bytes;
}

File parse(const std::string& json, std::size_t data_bytes) {
  return File::parse(file_bytes(json, data_bytes), "x.st");
}

/** The text of the refusal; empty when the file is accepted. */
std::string refusal(std::span<const std::byte> bytes) {
  try {
    File::parse(bytes, "x.st");
  } catch (const FileError& error) {
    return error.what();
  }
  return "";
}
std::string refusal(const std::string& json, std::size_t data_bytes) {
  return refusal(file_bytes(json, data_bytes));
}

void expect_refused(const std::string& json, std::size_t data_bytes, const std::string& part) {
  const std::string text = refusal(json, data_bytes);
  EXPECT_NE(text.find(part), std::string::npos) << json << "\n  says: " << text << "\n  lacks: " << part;
  EXPECT_EQ(text.rfind("x.st: ", 0), 0U) << text;
}

constexpr const char* two_tensors =
    R"({"__metadata__":{"kind":"test"},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]},)"
    R"("a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}})";

TEST(Safetensors, ReadsTensorsInTheOrderOfTheirData) {
  const File file = parse(two_tensors, 11);
  ASSERT_EQ(file.tensors().size(), 2U);
  EXPECT_EQ(file.tensors()[0].name, "a");
  EXPECT_EQ(file.tensors()[0].shape, (Shape{2, 1}));
  EXPECT_EQ(file.at("b").element_count(), 3U);
  EXPECT_EQ(file.bytes(file.at("b"))[0], std::byte{8});
  EXPECT_EQ(file.metadata().at("kind"), "test");
  EXPECT_EQ(file.find("c"), nullptr);
  EXPECT_THROW((void)file.at("c"), FileError);
}

TEST(Safetensors, AcceptsWhatTheFormatAllows) {
  EXPECT_EQ(refusal("{}", 0), "");
  EXPECT_EQ(refusal("{}      ", 0), "");
  EXPECT_EQ(refusal(R"({"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}})", 8), "");
  EXPECT_EQ(refusal(R"({"a":{"dtype":"F64","shape":[0,7],"data_offsets":[0,0]}})", 0), "");
  EXPECT_EQ(refusal(R"({"":{"shape":[1],"data_offsets":[0,2],"dtype":"BF16"}})", 2), "");
  EXPECT_EQ(refusal(R"({"gewöhnlich \u00e9":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}})", 1), "");
}

TEST(Safetensors, KnowsEveryStandardElementType) {
  for (int i = 0; i <= static_cast<int>(DType::f64); ++i) {
    const auto dtype = static_cast<DType>(i);
    const std::size_t bytes = dtype_bytes(dtype);
    const File file = parse(R"({"a":{"dtype":")" + std::string(dtype_name(dtype)) +
                                R"(","shape":[1],"data_offsets":[0,)" + std::to_string(bytes) + "]}}",
                            bytes);
    EXPECT_EQ(file.at("a").dtype, dtype);
  }
}

TEST(Safetensors, RefusesAWrongHeaderSize) {
  EXPECT_NE(refusal(std::vector<std::byte>(7)), "");
  EXPECT_NE(refusal(std::vector<std::byte>()), "");
  auto bytes = file_bytes(two_tensors, 11);
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 40U,
                                   std::numeric_limits<std::uint64_t>::max(), bytes.size() - 7}) {
    std::memcpy(bytes.data(), &size, 8);
    EXPECT_NE(refusal(bytes), "") << size;
  }
}

TEST(Safetensors, RefusesAnyOtherLengthOfTheFile) {
  const auto bytes = file_bytes(two_tensors, 11);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_NE(refusal(std::span(bytes).first(length)), "") << length;
  }
  EXPECT_EQ(refusal(bytes), "");
  expect_refused(two_tensors, 12, "more than described");
}

TEST(Safetensors, RefusesWhatIsNotAHeader) {
  expect_refused("[]", 0, "does not begin with {");
  expect_refused(" {}", 0, "does not begin with {");
  expect_refused("\xEF\xBB\xBF{}", 0, "does not begin with {");
  expect_refused("{}\n", 0, "must end with } and spaces");
  expect_refused(std::string("{}\0}", 4), 0, "must end with } and spaces");
  expect_refused("{}{}", 0, "not JSON");
  expect_refused("{,}", 0, "not JSON");
  expect_refused("{'a':1}", 0, "not JSON");
  expect_refused("{\"a\xff\":{}}", 0, "not JSON");
  expect_refused(R"({"\ud800":{}})", 0, "not JSON");
  expect_refused(R"({"a":NaN})", 0, "not JSON");
  expect_refused(R"({"a":1e999})", 0, "not JSON");
  expect_refused("{\"a\":/**/{}}", 0, "not JSON");
}

TEST(Safetensors, RefusesUnknownMissingAndRepeatedKeys) {
  expect_refused(R"({"a":{"dtype":"F32","shape":[1]}})", 4, "lacks one of");
  expect_refused(R"({"a":{}})", 0, "lacks one of");
  expect_refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}})", 4,
                 "unknown key 'more'");
  expect_refused(R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4,
                 "'dtype' appears twice");
  expect_refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                 R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                 4, "'a' appears twice");
  expect_refused(R"({"__metadata__":{},"__metadata__":{}})", 0, "appears twice");
  expect_refused(R"({"__metadata__":{"k":"1","k":"2"}})", 0, "'k' appears twice");
  expect_refused(R"({"__metadata__":{"k":1}})", 0, "must be text");
  expect_refused(R"({"__metadata__":{"k":{"deep":"1"}}})", 0, "must be text");
  expect_refused(R"({"__metadata__":"text"})", 0, "must be an object");
}

TEST(Safetensors, RefusesWrongTypesInATensor) {
  expect_refused(R"({"a":1})", 0, "must be an object, not 1");
  expect_refused(R"({"a":[]})", 0, "must be an object");
  expect_refused(R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})", 4,
                 "'F31' of tensor 'a' is not known");
  expect_refused(R"({"a":{"dtype":5,"shape":[1],"data_offsets":[0,4]}})", 4, "cannot be 5");
  expect_refused(R"({"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})", 4, "cannot be 1");
  expect_refused(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4,
                 "whole numbers from 0, not -1");
  expect_refused(R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4,
                 "whole numbers from 0, not 1.0");
  expect_refused(R"({"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}})", 4, "not a list");
  expect_refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4, "must be two numbers");
  expect_refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}})", 4, "two whole numbers");
  expect_refused(R"({"a":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4]}})", 4,
                 "whole numbers");
}

TEST(Safetensors, BoundsDepthAndRank) {
  std::string deep = "{\"a\":";
  for (int i = 0; i < 1'000'000; ++i) deep += '[';
  expect_refused(deep + "}", 0, "must be an object, not a list");
  std::string shape = "1";
  for (int i = 0; i < 64; ++i) shape += ",1";
  expect_refused(R"({"a":{"dtype":"F32","shape":[)" + shape + R"(],"data_offsets":[0,4]}})", 4,
                 "more than 64 dimensions");
}

TEST(Safetensors, RefusesOffsetsThatDoNotTileTheData) {
  const auto two = [](const std::string& first, const std::string& second) {
    return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + first +
           R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}";
  };
  EXPECT_EQ(refusal(two("[4,8]", "[0,4]"), 8), "");
  expect_refused(two("[0,4]", "[5,9]"), 9, "leaves a hole from 4");
  expect_refused(two("[0,4]", "[3,7]"), 7, "overlaps");
  expect_refused(two("[0,4]", "[0,4]"), 4, "overlaps");
  expect_refused(two("[1,5]", "[5,9]"), 9, "leaves a hole from 0");
  expect_refused(two("[0,4]", "[8,4]"), 8, "ends before it begins");
  expect_refused(two("[0,4]", "[4,9]"), 9, "does not match its shape [4] of U8, which takes 4 bytes");
  expect_refused(two("[0,4]", "[4,8]"), 7, "cut off");
  expect_refused(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", 0,
                 "overflows");
  expect_refused(R"({"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}})", 0,
                 "overflows");
}

TEST(Safetensors, RefusesAnotherTypeThanAsked) {
  const File file = parse(two_tensors, 11);
  EXPECT_EQ(file.floats(file.at("a")).size(), 2U);
  EXPECT_THROW((void)file.doubles(file.at("a")), FileError);
  EXPECT_THROW((void)file.integers(file.at("b")), FileError);
}

TEST(Safetensors, EscapesForeignNamesInErrors) {
  const std::string text = refusal("{\"\\u001b[2J\\u0085\":1}", 0);
  EXPECT_NE(text.find(R"('\x1b[2J\xc2\x85')"), std::string::npos) << text;
}

/** Whatever happens to a file, it is read or refused; never a crash, never another exception. */
TEST(Safetensors, ReadsOrRefusesEveryMutation) {
  const auto original = file_bytes(two_tensors, 11);
  std::mt19937 random(1);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = original;
    for (auto changes = random() % 4 + 1; changes > 0; --changes) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<std::byte>(random());
          break;
        case 1:
          bytes[at] ^= std::byte{1} << (random() % 8);
          break;
        case 2:
          bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at));
          break;
        default:
          bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes[random() % bytes.size()]);
      }
    }
    accepted += refusal(bytes).empty() ? 1 : 0;
  }
  EXPECT_GT(accepted, 0);  // changes of data or of names are well-formed files
  EXPECT_LT(accepted, 10'000);
}

}  // namespace
}  // namespace steplab::safetensors
