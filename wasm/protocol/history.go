package protocol

import (
	"slices"

	"tweedie/sampler"
)

// framePictures is how many pictures the page keeps of a step of a picture.
const framePictures = 4

// history is what a run leaves behind so that steps which the page did not keep
// can be made again: where its pictures were after some of the steps.
type history struct {
	recipe   string // canonical
	share    int
	shares   int
	limit    int                    // bytes that it may hold
	held     int                    // bytes that it holds
	stride   int                    // every stride-th step is noted
	pictures [][]sampler.Checkpoint // of each picture of the share, by step
}

// newHistory notes the beginning of a run.
func newHistory(r Run, a *run) *history {
	h := &history{recipe: a.settings.Recipe().String(), share: r.Share, shares: a.shares,
		limit: r.Keep / a.shares, stride: 1, pictures: make([][]sampler.Checkpoint, a.Images())}
	for i := range a.Images() {
		h.note(i, a.Picture(i).(*sampler.Trajectory))
	}
	return h
}

// note adds where a picture is, if its step is one that is noted. Where that
// passes the limit, every other step is forgotten, and so from then on.
func (h *history) note(i int, trajectory *sampler.Trajectory) {
	if trajectory.Done()%h.stride != 0 {
		return
	}
	c := trajectory.Checkpoint()
	h.pictures[i] = append(h.pictures[i], c)
	for h.held += c.Bytes(); h.held > h.limit && len(h.pictures[0]) > 2; {
		h.stride *= 2
		h.held = 0
		for i, all := range h.pictures {
			h.pictures[i] = slices.DeleteFunc(all,
				func(c sampler.Checkpoint) bool { return c.Done()%h.stride != 0 })
			for _, c := range h.pictures[i] {
				h.held += c.Bytes()
			}
		}
	}
}

// rewind brings the pictures of a run to a step at or before the given one, all
// to the same, as far as this is the history of that run.
func (h *history) rewind(r Run, a *run, before int) {
	if h == nil || h.recipe != a.settings.Recipe().String() || h.share != r.Share ||
		h.shares != a.shares || len(h.pictures) != a.Images() {
		return
	}
	for ; before > 0; before-- {
		at := make([]sampler.Checkpoint, 0, a.Images())
		for _, all := range h.pictures {
			if i := slices.IndexFunc(all,
				func(c sampler.Checkpoint) bool { return c.Done() == before }); i >= 0 {
				at = append(at, all[i])
			}
		}
		if len(at) < a.Images() {
			continue
		}
		a.Return(at)
		return
	}
}
