package layers

import "tweedie/sampler/kernels"

// Channels says how logical channels lie in a pixel or a vector: parts side by
// side, each padded with zeros to a multiple of kernels.Lanes.
type Channels []int

// Count is the number of channels without padding.
func (c Channels) Count() (n int) {
	for _, part := range c {
		n += part
	}
	return n
}

// Physical is the number of channels with padding.
func (c Channels) Physical() (n int) {
	for _, part := range c {
		n += kernels.Padded(part)
	}
	return n
}

// Places returns the channel at every physical place, −1 for padding.
func (c Channels) Places() []int { return c.Offsets(1) }

// Offsets returns stride·channel at every physical place, −1 for padding.
func (c Channels) Offsets(stride int) []int {
	offsets := make([]int, 0, c.Physical())
	first := 0
	for _, part := range c {
		for i := range kernels.Padded(part) {
			if i < part {
				offsets = append(offsets, (first+i)*stride)
			} else {
				offsets = append(offsets, -1)
			}
		}
		first += part
	}
	return offsets
}

// spread puts x, [Count], at the physical places of y, [Physical].
func (c Channels) spread(y, x []float32) {
	for place, channel := range c.Places() {
		if channel >= 0 {
			y[place] = x[channel]
		}
	}
}
