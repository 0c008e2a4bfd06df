/** What a shared library of steplab shows: it is compiled with hidden visibility. */
#pragma once

#define STEPLAB_EXPORT __attribute__((visibility("default")))
