// Package protocol is what the page and the sampler's worker say to each other,
// and the state machine that answers.
//
// The page asks with a [Request]: load a model, describe a recipe, run one, and
// pause, resume, step or cancel what runs. The worker answers with a [Message].
// The structs of both are the only place where the messages are written down: the
// worker's decoder and encoder and the declarations for the page's scripts are
// generated from them, see wasm/wire.
//
// Every request that asks for an end has an id of the page's choice and ends exactly
// once: a run with [Done], [Cancelled] or [Failed], a description with [Described] or
// [Failed], a plot with [Plotted] or [Failed]. A second run cancels the first, unless it is to
// [Follow] it: then the first says [Followed], and the end is that of the second. What concerns a
// request that is unknown or over is ignored, because it may have crossed its end on the way.
//
// Several workers, each with a session, can share the pictures of one run: each
// gets the same recipe with another share, says only what concerns its own
// pictures, and ends with [Part]. Pictures depend on nothing but the recipe and
// their number, so a share can be asked for again when its worker is lost, and
// the pixels of all shares, given to any session with [Combine], end in
// the same [Done] that one worker would have said.
//
// A session whose worker has another one at its side, which [Assist] says, asks that one for a
// pass of each evaluation with guidance, by [Wanted], as long as its steps are faster so. The other
// session is asked by [Pass] and says [Answer], which the first gets as [Passed]. A step that waits
// for it is no unit of work that is done: requests that come meanwhile are acted on after it. Both
// have the same weights, so that the bits are those of one worker, and a pass that is lost is made
// again by the first.
//
// A request to run or describe carries the pixels of the picture and the mask
// that its recipe begins with, if it does, and the answer names them by their
// hashes; each share is given them again. [Measure] asks how
// likely a picture is: [Measuring], each [Term] as it comes, and at the end
// [Measured], [Cancelled] or [Failed]. It can be paused, stepped and resumed
// like a run, and takes the place of one as one takes its place.
//
// A [Session] holds the loaded models and at most one run or estimate. [Session.Receive]
// takes a request, [Session.Advance] does one unit of work, one solver step of
// one picture or one term, so that other requests are let in between two units.
// Nothing here knows JavaScript: wasm/worker translates, and tests
// hold whole conversations natively.
package protocol
