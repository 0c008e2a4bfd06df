#include "workloads/king_james.hpp"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>

#include "steplab/error.hpp"
#include "workloads/bible_data.hpp"

namespace steplab::workloads {

namespace {

constexpr const char* variable = "STEPLAB_BIBLE_KJV";
constexpr std::string_view title = "Holy Bible, Authorized (King James) Version.";
constexpr std::uint64_t edition =
    0xfb535c19a594a521;  // XXH3-64 of the text of all books, as it is trained on

std::filesystem::path folder(const std::filesystem::path& directory) {
  if (!directory.empty()) return directory;
  const char* named = std::getenv(variable);
  return named != nullptr && *named != '\0' ? named : "/usr/lib";
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t skip(std::string_view line, std::size_t at, bool (*accepted)(char)) {
  while (at < line.size() && accepted(line[at])) ++at;
  return at;
}

[[noreturn]] void refuse_line(std::size_t number, std::string_view line, const char* reason) {
  throw InvalidArgument(fmt::format("line {} (\"{}\") {}", number, line.substr(0, 40), reason));
}

struct Verse {
  std::string_view book, text;
};

/** "1Sm2:3 And …": a name that may start with one digit, chapter, colon, verse, space, printable text. */
Verse parse_verse(std::string_view line, std::size_t number) {
  const std::size_t letters = !line.empty() && is_digit(line[0]) ? 1 : 0;
  const std::size_t name = skip(line, letters, is_letter);
  const std::size_t chapter = skip(line, name, is_digit);
  const bool colon = chapter < line.size() && line[chapter] == ':';
  const std::size_t verse = colon ? skip(line, chapter + 1, is_digit) : chapter;
  if (name == letters || chapter == name || !colon || verse == chapter + 1 || verse + 1 >= line.size() ||
      line[verse] != ' ') {
    refuse_line(number, line, "is not a verse: expected are book, chapter:verse, a space and text");
  }
  const std::string_view text = line.substr(verse + 1);
  for (const char c : text) {
    if (c < ' ' || c > '~') refuse_line(number, line, "has a character outside printable ASCII");
  }
  return {line.substr(0, name), text};
}

std::vector<std::uint8_t> encode(std::span<const Book> books, std::string_view characters) {
  std::array<std::uint8_t, 256> codes{};
  for (std::size_t i = 0; i < characters.size(); ++i) {
    codes[static_cast<unsigned char>(characters[i])] = static_cast<std::uint8_t>(i);
  }
  std::size_t size = 0;
  for (const Book& book : books) size += book.text.size();
  std::vector<std::uint8_t> encoded;
  encoded.reserve(size);
  for (const Book& book : books) {
    for (const char c : book.text) encoded.push_back(codes[static_cast<unsigned char>(c)]);
  }
  return encoded;
}

void check_edition(std::span<const Book> books, const KingJames& text) {
  std::string all;
  for (const Book& book : books) all += book.text;
  const std::uint64_t hash = XXH3_64bits(all.data(), all.size());
  if (hash == edition && text.characters.size() == KingJames::vocabulary &&
      text.train.size() == KingJames::train_count && text.validation.size() == KingJames::validation_count &&
      text.test.size() == KingJames::test_count) {
    return;
  }
  throw InvalidArgument(fmt::format(
      "another edition of the text: {} books of {} + {} + {} characters, {} different ones, XXH3 {:016x}; "
      "expected are 66 books of {} + {} + {}, {}, {:016x}",
      books.size(), text.train.size(), text.validation.size(), text.test.size(), text.characters.size(), hash,
      KingJames::train_count, KingJames::validation_count, KingJames::test_count, KingJames::vocabulary,
      edition));
}

std::shared_ptr<const KingJames> read(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    throw FileError(fmt::format(
        "{}: missing. The King James text is Debian's package bible-kjv (apt-get install bible-kjv); {} can "
        "name another folder with its bible.data. All workloads but transformer run without it",
        file.string(), variable));
  }
  const std::string raw = read_bible_data(file);
  try {
    const std::vector<Book> books = parse_books(raw);
    const std::span<const Book> all(books);
    const BookSplit split = split_books(all);
    auto text = std::make_shared<KingJames>();
    text->characters = characters_of(all);
    text->train = encode(all.first(split.validation), text->characters);
    text->validation = encode(all.subspan(split.validation, split.test - split.validation), text->characters);
    text->test = encode(all.subspan(split.test), text->characters);
    check_edition(all, *text);
    return text;
  } catch (const InvalidArgument& wrong) {
    throw FileError(fmt::format("{}: {}. Its text is expected to be that of Debian's package bible-kjv",
                                file.string(), wrong.what()));
  }
}

}  // namespace

std::shared_ptr<const KingJames> load_king_james(const std::filesystem::path& directory) {
  static std::mutex mutex;
  static std::map<std::filesystem::path, std::shared_ptr<const KingJames>> loaded;
  const std::filesystem::path file = folder(directory) / "bible.data";
  const std::lock_guard lock(mutex);
  auto& text = loaded[file];
  if (text == nullptr) text = read(file);
  return text;
}

std::vector<Book> parse_books(std::string_view text) {
  std::vector<Book> books;
  std::set<std::string, std::less<>> names;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (end == std::string_view::npos) refuse_line(number, line, "has no end");
    text.remove_prefix(end + 1);
    if (number == 1) {
      if (!line.starts_with(title)) refuse_line(number, line, "is not the title of the King James text");
      continue;
    }
    const Verse verse = parse_verse(line, number);
    if (books.empty() || books.back().name != verse.book) {
      if (!names.emplace(verse.book).second) refuse_line(number, line, "returns to an earlier book");
      books.push_back({std::string(verse.book), ""});
    }
    for (const char c : verse.text) books.back().text.push_back(folded(c));
    books.back().text.push_back('\n');
  }
  return books;
}

BookSplit split_books(std::span<const Book> books) {
  if (books.size() < 3) {
    throw InvalidArgument(fmt::format("has {} books: to be split, 3 are needed", books.size()));
  }
  double all = 0;
  for (const Book& book : books) all += static_cast<double>(book.text.size());
  // The end nearest to that share, among those that leave `behind` books.
  const auto nearest = [&](double share, std::size_t from, std::size_t behind) {
    std::size_t best = from;
    double done = 0, distance = all;
    for (std::size_t i = 1; i + behind <= books.size(); ++i) {
      done += static_cast<double>(books[i - 1].text.size());
      if (i < from || std::abs(done - share * all) >= distance) continue;
      best = i;
      distance = std::abs(done - share * all);
    }
    return best;
  };
  const std::size_t validation = nearest(0.90, 1, 2);
  return {validation, nearest(0.95, validation + 1, 1)};
}

std::string characters_of(std::span<const Book> books) {
  std::array<bool, 256> seen{};
  for (const Book& book : books) {
    for (const char c : book.text) seen[static_cast<unsigned char>(c)] = true;
  }
  std::string characters;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i]) characters.push_back(static_cast<char>(i));
  }
  return characters;
}

}  // namespace steplab::workloads
