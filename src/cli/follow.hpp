/** An optimizer over given gradients: what an update formula does, number by number.
 *
 *  config {"rule", "hyper", "preset", "params": [[…], …], "gradients": [[[…] or null, …], …], "lr": [η₁, …],
 *  "zero_grad": flag, "report": "all" or "last"}: params are the initial values of each tensor; gradients are
 *  by step and tensor, null where the tensor has none at that step; lr has one learning rate a step (absent:
 *  the hyperparameter). With zero_grad gradients are added to those that are there, as backward passes do,
 *  after zero_grad() before every step (true) or without it (false); absent, each step has the given ones
 *  alone. The result {"steps": [{"step": t, "values": [[…], …], "state": {"m": [[…], …], …}}, …]} has the
 *  values and state after every step, or the last; a state not yet created is null. Numbers are float32,
 *  printed so that they read back the same. */
#pragma once

#include <nlohmann/json.hpp>

namespace steplab::cli {

/** InvalidArgument names what does not fit together. */
nlohmann::ordered_json follow(const nlohmann::json& config);

}  // namespace steplab::cli
