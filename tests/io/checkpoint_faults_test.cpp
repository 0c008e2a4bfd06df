/** Saving while the system fails at any of its calls, and loading what is damaged or too much for memory. */
#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "steplab/checkpoint.hpp"
#include "tests/support/failing_files.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/snapshot.hpp"
#include "tests/support/tally.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steplab::test {
namespace {

const Options serial{.variant = "scalar/serial"};

/** An optimizer over 20 elements that is one step old. */
struct Trained {
  Parameters params;
  ParameterId w = params.add("w", {20});
  Adam opt{params, {}, serial};
  Trained() { step(); }
  void step() {
    std::ranges::fill(params.gradient(w), 1.0F);
    opt.step();
  }
};

class FaultySave : public testing::Test {
 protected:
  FaultySave() {
    save(file_, trained_.opt);
    old_ = content(file_);
    trained_.step();
    save(folder_ / "expected", trained_.opt);
    new_ = content(folder_ / "expected");
    std::filesystem::remove(folder_ / "expected");
  }

  /** The calls of one save that goes well. */
  std::vector<std::string> calls_of_a_save() {
    FailingFiles files(0);
    save(folder_ / "other", trained_.opt, {}, files);
    std::filesystem::remove(folder_ / "other");
    return files.calls();
  }

  /** Counts which of the two the file is after a fault, as `fault.call.outcome`
   *  (tests/checkpoint/record.py). */
  void count(const std::string& fault, const std::string& call) {
    const std::vector<char> now = content(file_);
    for (const char* outcome : {"old", "new", "other"}) tally_[fault + '.' + call + '.' + outcome] += 0;
    ++tally_[fault + '.' + call + (now == old_ ? ".old" : now == new_ ? ".new" : ".other")];
  }

  Tally tally_;
  Trained trained_;
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "run.safetensors";
  std::vector<char> old_, new_;
};

TEST_F(FaultySave, DataAreSyncedBeforeTheRenameAndTheDirectoryAfterIt) {
  std::vector<std::string> calls = calls_of_a_save();
  EXPECT_EQ(calls.front(), "open");
  calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
  EXPECT_EQ(calls,
            (std::vector<std::string>{"open", "lock", "write", "sync", "rename", "open", "sync", "close"}));
}

TEST_F(FaultySave, AnErrorAtAnyCallLeavesTheOldFileOrTheNewOne) {
  const std::size_t calls = calls_of_a_save().size();
  std::size_t refusals = 0;
  for (const auto& [name, error] :
       {std::pair("EIO", EIO), {"ENOSPC", ENOSPC}, {"EACCES", EACCES}, {"EDQUOT", EDQUOT}}) {
    for (std::size_t k = 1; k <= calls; ++k) {
      FailingFiles files(k, error);
      const Snapshot before(trained_.opt);
      const std::string text = refusal<FileError>([&] { save(file_, trained_.opt, {}, files); });
      const std::string what = files.calls()[k - 1] + ", call " + std::to_string(k) + ": " + text;
      ASSERT_TRUE(files.failed()) << what;
      EXPECT_TRUE(before == Snapshot(trained_.opt)) << what;
      count(name, files.calls()[k - 1]);
      const std::vector<char> now = content(file_);
      if (text.empty()) {
        EXPECT_EQ(now, new_) << what;  // what cannot hurt the new file: a lock or a close refused
        EXPECT_TRUE(files.calls()[k - 1] == "lock" || files.calls()[k - 1] == "close") << what;
      } else {
        ++refusals;
        EXPECT_TRUE(says(text, {file_.string() + ": cannot ", std::generic_category().message(error)}));
        const bool renamed = text.find("the new file is complete") != std::string::npos;
        EXPECT_TRUE(renamed || says(text, {"the file was left as it was"}));
        EXPECT_EQ(now, renamed ? new_ : old_) << what;
      }
      EXPECT_EQ(folder_.entries(), 1U) << what;
      std::ofstream(file_, std::ios::binary).write(old_.data(), static_cast<std::streamsize>(old_.size()));
    }
  }
  EXPECT_GE(refusals, 4 * (calls - 4));
}

TEST_F(FaultySave, AFullDiskLeavesTheOldFile) {
  const std::vector<std::string> calls = calls_of_a_save();
  for (std::size_t k = 1; k <= calls.size(); ++k) {
    if (calls[k - 1] != "write") continue;
    FailingFiles files(k, ENOSPC, Fault::short_write);
    const std::string text = refusal<FileError>([&] { save(file_, trained_.opt, {}, files); });
    EXPECT_TRUE(says(text, {"cannot write its new content", "No space left on device"}));
    count("short write", "write");
    EXPECT_EQ(content(file_), old_);
    EXPECT_EQ(folder_.entries(), 1U);
  }
}

/** Takes writes in small pieces, some interrupted by a signal. */
class SlowFiles : public FileLayer {
 public:
  ssize_t write(int descriptor, const void* from, std::size_t bytes) override {
    if (++calls_ % 3 == 0) {
      errno = EINTR;
      return -1;
    }
    return FileLayer::write(descriptor, from, std::min<std::size_t>(bytes, 7));
  }

 private:
  int calls_ = 0;
};

TEST_F(FaultySave, ShortAndInterruptedWritesAreContinued) {
  SlowFiles files;
  save(file_, trained_.opt, {}, files);
  EXPECT_EQ(content(file_), new_);
}

TEST_F(FaultySave, ACrashAtAnyCallLeavesTheOldFileOrTheNewOneAndTheNextSaveCleansUp) {
  const std::vector<std::string> calls = calls_of_a_save();
  const auto renamed = static_cast<std::size_t>(std::ranges::find(calls, "rename") - calls.begin()) + 1;
  std::size_t& leftovers = tally_["leftovers"];
  for (std::size_t k = 1; k <= calls.size(); ++k) {
    {
      FailingFiles files(k, EIO, Fault::crash);
      try {
        save(file_, trained_.opt, {}, files);
      } catch (const FileError&) {  // a process that ended there would not see it
      }
    }
    count("crash", calls[k - 1]);
    EXPECT_EQ(content(file_), k <= renamed ? old_ : new_) << calls[k - 1] << ", call " << k;
    leftovers += folder_.entries() - 1;
    save(file_, trained_.opt);
    EXPECT_EQ(content(file_), new_);
    EXPECT_EQ(folder_.entries(), 1U);
    tally_["leftovers_after_the_next_save"] += folder_.entries() - 1;
    std::ofstream(file_, std::ios::binary).write(old_.data(), static_cast<std::streamsize>(old_.size()));
  }
  EXPECT_EQ(leftovers, renamed - 1);  // at every call from the second, the lock, to the rename
}

TEST_F(FaultySave, LeavesTheTemporaryFileOfALivingWriterAndOtherFilesAlone) {
  const std::string name = file_.filename().string();
  const auto living = folder_ / (name + ".tmp-0123456789abcdef");
  const auto dead = folder_ / (name + ".tmp-0123456789abcde0");
  const auto others = {folder_ / (name + ".tmp-short"), folder_ / (name + ".tmp-0123456789abcdeF"),
                       folder_ / "other.tmp-0123456789abcdef", folder_ / (name + ".bak")};
  for (const auto& path : others) std::ofstream(path) << "mine";
  std::ofstream(dead) << "half";
  const int writer = system_files().open(living.c_str(), O_WRONLY | O_CREAT | O_EXCL);
  ASSERT_EQ(system_files().lock(writer), 0);
  save(file_, trained_.opt);
  EXPECT_TRUE(std::filesystem::exists(living));
  EXPECT_FALSE(std::filesystem::exists(dead));
  for (const auto& path : others) EXPECT_TRUE(std::filesystem::exists(path)) << path;
  system_files().close(writer);
  save(file_, trained_.opt);
  EXPECT_FALSE(std::filesystem::exists(living));
}

/** A small checkpoint in memory. */
class DamagedCheckpoint : public testing::Test {
 protected:
  DamagedCheckpoint() {
    Parameters params;
    params.add("w", {3});
    std::ranges::fill(params.gradient(ParameterId{0}), 1.0F);
    SGD opt(params, {.lr = 0.5, .momentum = 0.5}, serial);
    opt.step();
    TemporaryFolder folder;
    save(folder / "file", opt);
    for (const char byte : content(folder / "file")) bytes_.push_back(static_cast<std::byte>(byte));
  }
  static bool refused(std::span<const std::byte> bytes) {
    return !refusal<FileError>([&] { Checkpoint::parse(bytes, "file"); }).empty();
  }
  std::vector<std::byte> bytes_;
};

TEST_F(DamagedCheckpoint, TheWholeOneIsNot) { EXPECT_FALSE(refused(bytes_)); }

TEST_F(DamagedCheckpoint, NoByteCanChangeUnnoticed) {
  Tally tally;
  std::size_t& tried = tally["damaged"];
  std::size_t& unnoticed = tally["unnoticed"];
  for (std::byte& byte : bytes_) {
    const std::byte original = byte;
    for (unsigned change = 1; change < 256; change = change < 128 ? 2 * change : change + 127) {
      byte = original ^ static_cast<std::byte>(change);
      const bool noticed = refused(bytes_);
      EXPECT_TRUE(noticed) << "byte " << &byte - bytes_.data() << " changed by " << change;
      ++tried;
      if (!noticed) ++unnoticed;
    }
    byte = original;
  }
  EXPECT_EQ(tried, 9 * bytes_.size());  // each bit, and all of them
}

TEST_F(DamagedCheckpoint, NoLengthButItsOwnIsTaken) {
  Tally tally;
  std::size_t& unnoticed = tally["unnoticed"];
  for (std::size_t length = 0; length < bytes_.size(); ++length) {
    const bool noticed = refused(std::span(bytes_).first(length));
    EXPECT_TRUE(noticed) << length;
    ++tally["damaged"];
    if (!noticed) ++unnoticed;
  }
  bytes_.push_back(std::byte{0});
  EXPECT_TRUE(refused(bytes_));
}

TEST_F(DamagedCheckpoint, SaysThatItIsDamaged) {
  bytes_.back() ^= std::byte{1};
  EXPECT_TRUE(says(refusal<FileError>([&] { Checkpoint::parse(bytes_, "file"); }),
                   {"file: damaged: its checksum is '", "its content's is '"}));
}

}  // namespace
}  // namespace steplab::test
