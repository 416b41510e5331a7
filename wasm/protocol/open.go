package protocol

import (
	"errors"
	"strconv"

	"tweedie/sampler/model"
	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
	"tweedie/weights"
)

// mostMemory is what a WebAssembly program can have, in bytes.
const mostMemory = 4 << 30

// Bytes is a file in memory.
type Bytes = weights.Bytes

// Open makes a model of a weights file: the Opener of the product. What it returns may keep the
// bytes of a file in memory, which must not be changed; of another source it keeps nothing.
func Open(r Load) (Opened, error) {
	hash := r.Hash
	if hash == "" {
		all := make([]byte, r.Bytes.Size())
		r.Bytes.Copy(all, 0)
		hash = picture.Hash(all)
	}
	f, err := weights.ParseSource(r.Bytes)
	if err != nil {
		return Opened{}, err
	}
	if r.Eight {
		if f, err = f.InEightBits(schedule.IsLearned); err != nil {
			return Opened{}, err
		}
	}
	if model.IsClassifier(f) {
		g, parameters, err := model.OpenClassifier(r.Model, f, hash)
		return Opened{Guide: &g, Parameters: parameters}, err
	}
	measured, _, err := model.Measure(r.Model, f, hash)
	if err != nil {
		return Opened{}, err
	}
	if err := fits(model.NeedOf(measured).Bytes+r.Bytes.Size(), r.Memory); err != nil {
		return Opened{}, err
	}
	m, info, err := model.OpenFile(r.Model, f, hash)
	if err != nil {
		return Opened{}, err
	}
	parameters, pictures := model.Size(m)
	return Opened{Model: m, Info: info, Parameters: parameters, Pictures: pictures}, nil
}

// fits refuses what needs more bytes than the device has, or than a page can have.
func fits(need, device int) error {
	most, whose := mostMemory, "a page can have at most "
	if device > 0 && device < most {
		most, whose = device, "this device has "
	}
	if need <= most {
		return nil
	}
	return errors.New("it needs " + gigabytes(need) + " of memory, and " + whose +
		gigabytes(most) + ": take a network that is smaller or draws smaller pictures")
}

// gigabytes writes a number of bytes.
func gigabytes(bytes int) string {
	if bytes < 1e9 {
		return strconv.Itoa(bytes/1e6) + " MB"
	}
	return strconv.FormatFloat(float64(bytes)/1e9, 'f', 1, 64) + " GB"
}
