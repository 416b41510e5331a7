package family

import (
	"errors"
	"fmt"

	"tweedie/tools/convert/reason"
)

// needSize refuses a network whose file does not say how large its pictures are.
func (b *Builder) needSize(height int, says string) {
	if height == 0 {
		b.Because("size.needed", says+" how large the pictures are: name their side with -size")
	}
}

// sized is the error about a network that cannot be built for pictures of the asked size, with the
// sizes for which it can: err itself if there are none, because something else is wrong then. The
// sizes are found by building it for them, so that no family has to know them.
func (f *Family) sized(s *State, o Settings, err error) error {
	asked := o
	takes := func(side int) bool {
		o.Height, o.Width = side, side
		_, err := f.try(s, o)
		return err == nil
	}
	o.Height, o.Width = 0, 0
	assumed := 0
	if n, err := f.try(s, o); err == nil {
		assumed = n.side
	}
	first := smallest(takes, assumed)
	var r *reason.Reason
	switch {
	case first == 0:
		return err
	case asked.Height == 0 && errors.As(err, &r) && r.ID == "size.needed":
		if first == 1 || !takes(2*first) {
			return err
		}
		return reason.New("size.multiple.needed", r.Error()+", a multiple of {step}", "step", first)
	case asked.Height == 0:
		return err
	case !takes(2 * first):
		return reason.New("size.only", "-size {size} does not fit the network, whose pictures are "+
			"of {only}", "size", fmt.Sprintf("%d×%d", asked.Height, asked.Width),
			"only", fmt.Sprintf("%d×%d", first, first))
	}
	return reason.New("size.multiple", "-size {size} does not fit the network: height and width "+
		"must be multiples of {step}", "size", fmt.Sprintf("%d×%d", asked.Height, asked.Width),
		"step", first)
}

// smallest is the smallest side that is taken, 0 if none is. Networks halve their pictures, or cut
// them into patches: a power of two is tried, and what divides the side that the family assumes.
func smallest(takes func(side int) bool, assumed int) int {
	for side := 1; side <= 512; side++ {
		if (side&(side-1) == 0 || assumed%side == 0 && assumed > 0) && takes(side) {
			return side
		}
	}
	return 0
}
