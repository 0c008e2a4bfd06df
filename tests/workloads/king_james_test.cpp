#include "workloads/king_james.hpp"

#include <gtest/gtest.h>

#include "tests/workloads/bible_files.hpp"
#include "tests/workloads/support.hpp"

namespace steplab::workloads {
namespace {

const std::string title = "Holy Bible, Authorized (King James) Version.  Textfile 930105.\n";

std::string decode(const KingJames& text, std::span<const std::uint8_t> codes) {
  std::string decoded;
  for (const std::uint8_t code : codes) decoded.push_back(text.characters.at(code));
  return decoded;
}

std::vector<Book> books_of(const std::vector<std::size_t>& sizes) {
  std::vector<Book> books;
  for (const std::size_t size : sizes) books.push_back({"B", std::string(size, 'x')});
  return books;
}

TEST(KingJames, HasItsCharactersInTheOrderOfTheirCodes) {
  EXPECT_EQ(load_king_james()->characters, "\n !'(),-.:;?abcdefghijklmnopqrstuvwxyz");
  EXPECT_EQ(load_king_james()->characters.size(), KingJames::vocabulary);
}

TEST(KingJames, IsSplitByWholeBooks) {
  const auto text = load_king_james();
  const auto starts = [&](const std::vector<std::uint8_t>& part, const std::string& words) {
    EXPECT_EQ(decode(*text, std::span(part).first(words.size())), words);
  };
  starts(text->train, "in the beginning god created the heaven and the earth.\nand the earth was");
  starts(text->validation, "paul, a servant of jesus christ, called to be an apostle");
  starts(text->test, "paul, an apostle of jesus christ by the will of god, and timotheus our brother");
  const std::string end = "the grace of our lord jesus christ be with you all. amen.\n";
  EXPECT_EQ(decode(*text, std::span(text->test).last(end.size())), end);
  for (const auto* part : {&text->train, &text->validation, &text->test}) EXPECT_EQ(part->back(), 0);
}

TEST(KingJames, SharesAreNear90And5And5Percent) {
  const auto text = load_king_james();
  const auto share = [](const std::vector<std::uint8_t>& part) {
    constexpr std::size_t all = KingJames::train_count + KingJames::validation_count + KingJames::test_count;
    return static_cast<double>(part.size()) / static_cast<double>(all);
  };
  EXPECT_NEAR(share(text->train), 0.90, 0.01);
  EXPECT_NEAR(share(text->validation), 0.05, 0.01);
  EXPECT_NEAR(share(text->test), 0.05, 0.01);
}

TEST(KingJames, IsReadOnce) { EXPECT_EQ(load_king_james(), load_king_james()); }

TEST(KingJames, MissingFileNamesThePackageAndWhatRunsWithoutIt) {
  const TemporaryDirectory directory;
  const std::string text = error_of<FileError>([&] { load_king_james(directory.path()); });
  EXPECT_TRUE(contains(text, (directory.path() / "bible.data").string())) << text;
  EXPECT_TRUE(contains(text, "bible-kjv") && contains(text, "All workloads but transformer run")) << text;
}

TEST(KingJames, EnvironmentNamesAnotherFolder) {
  const TemporaryDirectory directory;
  const EnvironmentGuard guard("STEPLAB_BIBLE_KJV", directory.path());
  EXPECT_TRUE(contains(error_of<FileError>([] { load_king_james(); }), directory.path()));
}

TEST(KingJames, AnotherEditionIsRefused) {
  const TemporaryDirectory directory;
  const std::string text = title + "Ge1:1 In the beginning\nExo1:1 Now\nRev1:1 Amen.\n";
  write_bytes(directory.path() / "bible.data", bible_file(1000, {compress(text, false)}));
  const std::string error = error_of<FileError>([&] { load_king_james(directory.path()); });
  EXPECT_TRUE(contains(error, "bible.data") && contains(error, "another edition")) << error;
  EXPECT_TRUE(contains(error, "3 books of 17 + 4 + 6")) << error;
}

TEST(KingJames, OtherTextIsRefused) {
  const TemporaryDirectory directory;
  write_bytes(directory.path() / "bible.data", bible_file(1000, {compress("Call me Ishmael.\n", false)}));
  const std::string error = error_of<FileError>([&] { load_king_james(directory.path()); });
  EXPECT_TRUE(contains(error, "bible.data") && contains(error, "Call me Ishmael.")) << error;
}

TEST(ParseBooks, DropsReferencesAndFoldsCapitals) {
  const auto books = parse_books(title + "Ge1:1 In A\nGe1:2 b\n1Sm30:12 C: d\n");
  ASSERT_EQ(books.size(), 2U);
  EXPECT_EQ(books[0].name, "Ge");
  EXPECT_EQ(books[0].text, "in a\nb\n");
  EXPECT_EQ(books[1].name, "1Sm");
  EXPECT_EQ(books[1].text, "c: d\n");
}

TEST(ParseBooks, RefusesLinesThatAreNoVerses) {
  for (const std::string line : {"", "1:1 a", "Ge:1 a", "Ge1 a", "Ge1: a", "Ge1:1a", "Ge1:1 ", "Ge1:1",
                                 "12Sm1:1 a", "Ge1:1 a\tb", "Ge1:1 caf\xe9"}) {
    const std::string error =
        error_of<InvalidArgument>([&] { parse_books(title + "Ge1:1 a\n" + line + "\n"); });
    EXPECT_TRUE(contains(error, "line 3")) << line << ": " << error;
  }
  EXPECT_TRUE(contains(error_of<InvalidArgument>([] { parse_books(title + "Ge1:1 a\nGe1:2 b"); }), "no end"));
  EXPECT_TRUE(contains(error_of<InvalidArgument>([] { parse_books("Ge1:1 a\n"); }), "title"));
}

TEST(ParseBooks, RefusesABookThatComesTwice) {
  const std::string error =
      error_of<InvalidArgument>([] { parse_books(title + "Ge1:1 a\nExo1:1 b\nGe1:2 c\n"); });
  EXPECT_TRUE(contains(error, "line 4") && contains(error, "earlier book")) << error;
}

TEST(SplitBooks, TakesTheEndsNearestTo90And95Percent) {
  const auto books = books_of({50, 39, 4, 3, 4});  // ends at 50, 89, 93, 96, 100
  EXPECT_EQ(split_books(books).validation, 2U);
  EXPECT_EQ(split_books(books).test, 4U);
}

TEST(SplitBooks, LeavesABookForEachPart) {
  const auto last_is_long = books_of({1, 1, 98});
  EXPECT_EQ(split_books(last_is_long).validation, 1U);
  EXPECT_EQ(split_books(last_is_long).test, 2U);
  const auto first_is_long = books_of({98, 1, 1});
  EXPECT_EQ(split_books(first_is_long).validation, 1U);
  EXPECT_EQ(split_books(first_is_long).test, 2U);
  EXPECT_TRUE(contains(error_of<InvalidArgument>([] { split_books(books_of({1, 1})); }), "3 are needed"));
}

}  // namespace
}  // namespace steplab::workloads
