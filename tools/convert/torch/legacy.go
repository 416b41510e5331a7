package torch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"

	"github.com/nlpodyssey/gopickle/types"

	"tweedie/tools/convert/reason"
)

// The legacy format begins with these two numbers, each in its own pickle.
const (
	legacyMagic    = "1950a86a20f9469cfc6c"
	legacyProtocol = 1001
)

// readLegacy reads the format of torch before 1.6: five pickles (magic number,
// protocol version, facts about the writer, the object, the keys of its storages) and
// then every storage as its length and its elements, always little endian.
// https://github.com/pytorch/pytorch/blob/main/torch/serialization.py, function _legacy_load.
func (r *reader) readLegacy(b []byte) (any, error) {
	if err := persistent(b); err != nil {
		return nil, err
	}
	magic, n, err := unpickle(b, nil)
	var refused *RefusedError
	if errors.As(err, &refused) {
		return nil, err
	} else if err != nil {
		return nil, reason.New("notorch", "torch: want a file of torch.save, got one that begins "+
			"with no pickle")
	}
	if m, ok := magic.(*big.Int); !ok || m.Text(16) != legacyMagic {
		return nil, reason.New("pickle", "torch: want a file of torch.save, got another pickle: "+
			"in Python load it, and save torch.save(net.state_dict(), \"net.pt\")")
	}
	b = b[n:]
	version, n, err := unpickle(b, nil)
	if err != nil {
		return nil, err
	}
	if v, ok := version.(int); !ok || v != legacyProtocol {
		return nil, fmt.Errorf("torch: want protocol version %d, got another", legacyProtocol)
	}
	b = b[n:]
	if _, n, err = unpickle(b, nil); err != nil {
		return nil, err
	}
	b = b[n:]
	r.storages = map[string]*storage{}
	root, n, err := unpickle(b, r.legacyStorage)
	if err != nil {
		return nil, err
	}
	b = b[n:]
	keys, n, err := unpickle(b, nil)
	if err != nil {
		return nil, err
	}
	return root, r.readStorages(keys, b[n:])
}

// persistent refuses the pickles of NVIDIA's StyleGAN and EDM, which hold the source text of their
// network's classes beside its tensors, all in one pickle that may be larger than is read here. Its
// first object is built by torch_utils.persistence.
func persistent(b []byte) error {
	const head, builder = 1 << 16, "_reconstruct_persistent_obj"
	if !bytes.Contains(b[:min(len(b), head)], []byte(builder)) {
		return nil
	}
	return reason.New("persistent", "torch: this is a pickle of NVIDIA's torch_utils, as EDM and "+
		"StyleGAN save it: it contains code, which is not run here; load it in PyTorch with "+
		"its authors' program, take net = data[\"ema\"], save torch.save(net.state_dict(), "+
		"\"net.pt\"), and put the network's config.json beside it")
}

// legacyStorage returns the storage of a persistent id; its data are read
// later.
func (r *reader) legacyStorage(id any) (any, error) {
	ref, err := parseReference(id)
	if err != nil {
		return nil, err
	}
	s, known := r.storages[ref.key]
	if !known {
		s = ref.storage()
		r.storages[ref.key] = s
	}
	if s.element != ref.class.element || s.length != ref.length {
		return nil, fmt.Errorf("torch: storage %s has two types or lengths", Printable(ref.key))
	}
	if ref.view != nil {
		// Torch 0.4 stored slices of storages by name; nothing since then does.
		return nil, fmt.Errorf(
			"torch: storage %s is a slice as torch 0.4 stored it: load the file in PyTorch and "+
				"save it again", Printable(ref.key))
	}
	return s, nil
}

// readStorages reads the storages of the listed keys from b.
func (r *reader) readStorages(keys any, b []byte) error {
	list, ok := keys.(*types.List)
	if !ok {
		return fmt.Errorf("torch: want a list of storage keys, got %s", describe(keys))
	}
	for _, k := range *list {
		key, _ := k.(string)
		s, ok := r.storages[key]
		if !ok || s.complete {
			return fmt.Errorf("torch: want each storage key once, got %q", Printable(key))
		}
		const lengthSize = 8
		if len(b) < lengthSize {
			return damaged("torch: the file ends before the storage %s: it is cut off",
				Printable(key))
		}
		length := binary.LittleEndian.Uint64(b)
		b = b[lengthSize:]
		if length != uint64(s.length) {
			return fmt.Errorf("torch: want %d elements in storage %s, got %d",
				s.length, Printable(key), length)
		}
		n, ok := s.element.bytes(s.length, len(b))
		if !ok {
			return damaged(
				"torch: storage %s claims %d elements of %d bytes, %d bytes are left: the file "+
					"is cut off",
				Printable(key), s.length, elementSize[s.element], len(b))
		}
		s.data, s.complete = b[:n], true
		b = b[n:]
	}
	return nil
}
