/** The King James text as a sequence of small numbers, read from "bible.data" of Debian's package bible-kjv,
 *  from the folder that STEPLAB_BIBLE_KJV names, or from one that is given.
 *
 *  Verse by verse in the order of the 66 books, each verse ended by a newline; references ("Ge1:1") and the
 *  title are left out, capitals become small letters. A character is its position among the 38 that occur, in
 *  the order of their codes: newline, space, punctuation, a to z. Split by whole books at the ends of books
 *  nearest to 90 % and 95 % of all characters: Genesis to Acts train, Romans to Philippians validate,
 *  Colossians to Revelation test. FileError when the file is missing (naming the package), damaged, or
 *  another edition of the text: results of different texts do not compare. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace steplab::workloads {

struct KingJames {
  static constexpr std::size_t vocabulary = 38;
  static constexpr std::size_t train_count = 3754453;
  static constexpr std::size_t validation_count = 175230;
  static constexpr std::size_t test_count = 208167;

  std::string characters;  ///< what the numbers stand for
  std::vector<std::uint8_t> train, validation, test;
};

/** Read once a process and folder, then shared. */
std::shared_ptr<const KingJames> load_king_james(const std::filesystem::path& directory = {});

struct Book {
  std::string name;  ///< as references abbreviate it
  std::string text;
};

/** The books of a text of lines "Book1:2 verse" behind a title line. InvalidArgument names the line that is
 *  not one, or that returns to an earlier book. */
std::vector<Book> parse_books(std::string_view text);

/** Where validation and test start: the ends of books nearest to 90 % and 95 % of all characters, at least
 *  one book apart. InvalidArgument for fewer than three books. */
struct BookSplit {
  std::size_t validation, test;
};
BookSplit split_books(std::span<const Book> books);

/** The different characters of the books, in the order of their codes. */
std::string characters_of(std::span<const Book> books);

}  // namespace steplab::workloads
