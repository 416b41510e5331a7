package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"

	"tweedie/tools/convert/reason"
	"tweedie/tools/convert/torch"
	"tweedie/weights"
	"tweedie/weights/json"
)

// Content is what the files of a checkpoint hold.
type Content struct {
	Root     *torch.Dict
	Metadata map[string]string // of a safetensors file
	Origin   string            // name and SHA-256
	Notes    []reason.Note     // what was passed over
}

// Read reads the weights. Tensors alias the files' bytes.
func (s *Source) Read() (Content, error) {
	sum := sha256.New()
	if len(s.Weights) == 1 {
		b, err := fs.ReadFile(s.Files, s.Weights[0])
		if err != nil {
			return Content{}, err
		}
		sum.Write(b)
		c, err := Parse(b)
		if err != nil {
			return c, about(path.Base(s.Weights[0]), err)
		}
		c.Origin = fmt.Sprintf("%s (SHA-256 %x)", path.Base(s.Weights[0]), sum.Sum(nil))
		return c, nil
	}
	whole := Content{Root: &torch.Dict{}}
	home := map[string]string{}
	for _, file := range s.Weights {
		b, err := fs.ReadFile(s.Files, file)
		if err != nil {
			return whole, err
		}
		sum.Write(b)
		part, err := Parse(b)
		if err == nil {
			err = join(whole.Root, part.Root, file, home)
		}
		if err != nil {
			return whole, about(path.Base(file), err)
		}
		whole.Notes = append(whole.Notes, part.Notes...)
	}
	whole.Origin = fmt.Sprintf("%d parts from %s on (SHA-256 of them together %x)",
		len(s.Weights), path.Base(s.Weights[0]), sum.Sum(nil))
	return whole, s.checkIndex(home)
}

// Parse reads the bytes of a safetensors or torch file, which it tells apart by their content.
func Parse(b []byte) (Content, error) {
	if err := notWeights(b); err != nil {
		return Content{}, err
	}
	if isSafetensors(b) {
		return parseSafetensors(b)
	}
	f, err := torch.Read(b)
	if err != nil {
		return Content{}, err
	}
	c := Content{Root: f.Root}
	if len(f.Passed) > 0 {
		c.Notes = append(c.Notes, reason.NewNote("objects", "passed over objects of {names}, "+
			"which are no weights", "names", torch.Printable(some(f.Passed))))
	}
	if len(f.Held) > 0 {
		c.Notes = append(c.Notes, reason.NewNote("held", "did not take the tensors inside objects "+
			"of {names}: only those of a state_dict() are read", "names",
			torch.Printable(some(f.Held))))
	}
	return c, nil
}

// isSafetensors distinguishes the formats by content: a safetensors header begins with a brace
// behind its length, a zip file with PK and a pickle with its protocol.
func isSafetensors(b []byte) bool {
	return len(b) > 8 && b[8] == '{' && !bytes.HasPrefix(b, []byte("PK"))
}

func parseSafetensors(b []byte) (Content, error) {
	f, foreign, err := weights.ParseAll(b)
	if err != nil {
		if err = cutOff(b, err); !errors.As(err, new(*reason.Reason)) {
			err = reason.Of("damaged", err, "fault", err.Error())
		}
		return Content{}, err
	}
	c := Content{Root: &torch.Dict{}, Metadata: f.Metadata}
	var passed []string
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if t.DType == weights.I8 {
			if t, err = inEightBits(f, t); err != nil {
				return Content{}, err
			}
		}
		switch {
		case t == nil:
			passed = append(passed, f.Tensors[i].Name)
		case !f.IsScale(t.Name):
			c.Root.Entries = append(c.Root.Entries, torch.Entry{Key: t.Name, Tensor: t})
		}
	}
	for _, t := range foreign {
		integers := slices.Contains(integerTypes, t.DType)
		c.Root.Entries = append(c.Root.Entries, torch.Entry{Key: t.Name, IsTensor: !integers,
			Other: "a tensor of type " + torch.Printable(t.DType)})
		if integers {
			passed = append(passed, t.Name)
		}
	}
	if len(passed) > 0 {
		c.Notes = append(c.Notes, reason.NewNote("integers", "passed over integers in {names}, "+
			"which are no weights", "names", torch.Printable(some(passed))))
	}
	return c, nil
}

// inEightBits returns a weight that a weights file keeps in eight bits, in float32; nil for whole
// numbers without scales, which are no weight.
func inEightBits(f *weights.File, t *weights.Tensor) (wide *weights.Tensor, err error) {
	if !f.HasScale(t.Name) {
		return nil, nil
	}
	x, fault := f.Finite(nil, t.Name, t.Shape...)
	if fault != "" {
		return nil, reason.New("damaged.tensor", "{file} is damaged: the tensor {tensor} {fault}",
			"tensor", torch.Printable(t.Name), "fault", fault)
	}
	wide = &weights.Tensor{Name: t.Name, DType: weights.F32, Shape: t.Shape}
	wide.Data, err = binary.Append(nil, binary.LittleEndian, x)
	return wide, err
}

// cutOff returns the error about a safetensors file that ends before its tensors do, err for
// another one.
func cutOff(b []byte, err error) error {
	const lengthSize = 8
	length := binary.LittleEndian.Uint64(b)
	if length > uint64(len(b)-lengthSize) {
		return err
	}
	header, wrong := json.Parse(b[lengthSize:][:length])
	if wrong != nil {
		return err
	}
	most := 0
	for _, m := range header.Members() {
		offsets, _ := m.Value.Get("data_offsets")
		for _, v := range offsets.Array() {
			n, _ := v.Int()
			most = max(most, n)
		}
	}
	begin := lengthSize + int(length)
	if most <= len(b)-begin || most > math.MaxInt-begin {
		return err
	}
	return reason.New("cutoff", "{file} is cut off: its tensors end at byte {end}, and it has "+
		"{bytes}: download it again", "end", begin+most, "bytes", len(b))
}

// integerTypes are safetensors' types of whole numbers that package weights does not read.
var integerTypes = []string{"BOOL", "I16", "U16", "I32", "U32", "U64"}
