package torch

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"path"
	"slices"
	"strings"

	"tweedie/tools/convert/reason"
)

// readZip reads the format of torch 1.6 and later: an archive of uncompressed records
// NAME/data.pkl, NAME/byteorder and NAME/data/KEY for every storage.
// https://github.com/pytorch/pytorch/blob/main/torch/serialization.py, function _load.
func (r *reader) readZip(b []byte) (any, error) {
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, damaged("torch: the zip archive is cut off or damaged: %w", err)
	}
	if err := r.readRecords(b, archive); err != nil {
		return nil, err
	}
	if _, ok := r.records["constants.pkl"]; ok {
		return nil, reason.New("script", "torch: the file is a TorchScript program: save the "+
			"model's state_dict() instead")
	}
	data, ok := r.records["data.pkl"]
	if !ok {
		return nil, noTorch(archive)
	}
	switch order := string(r.records["byteorder"]); order {
	case "", "little":
	case "big":
		r.bigEnd = true
	default:
		return nil, fmt.Errorf("torch: want byte order little or big, got %q", Printable(order))
	}
	root, _, err := unpickle(data, r.zipStorage)
	return root, err
}

// packed are the endings of files with weights that people pack.
var packed = []string{".safetensors", ".bin", ".pt", ".pth", ".ckpt"}

// noTorch is the reason about an archive that torch.save did not write.
func noTorch(archive *zip.Reader) error {
	for _, f := range archive.File {
		name := path.Base(f.Name)
		if slices.Contains(packed, path.Ext(name)) && !strings.HasPrefix(name, ".") {
			return reason.New("zip.weights", "torch: the file is a zip archive with {name} in it: "+
				"unpack it, and name that file", "name", Printable(name))
		}
	}
	return reason.New("zip", "torch: the file is a zip archive without a record data.pkl, so "+
		"torch.save did not write it: unpack it, and name the file with the weights")
}

// readRecords fills r.records with the archive's records, by their names below the
// one folder that holds data.pkl.
func (r *reader) readRecords(b []byte, archive *zip.Reader) error {
	folder := ""
	for _, f := range archive.File {
		if dir, name, ok := strings.Cut(f.Name, "/"); ok && name == "data.pkl" {
			folder = dir + "/"
			break
		}
	}
	r.records = make(map[string][]byte, len(archive.File))
	summed, left := hasSums(archive), uint64(len(b))
	for _, f := range archive.File {
		name, ok := strings.CutPrefix(f.Name, folder)
		if !ok || strings.HasSuffix(name, "/") {
			continue
		}
		if _, twice := r.records[name]; twice {
			return fmt.Errorf("torch: the record %q stands twice in the zip archive",
				Printable(name))
		}
		if f.Method == zip.Store && f.UncompressedSize64 > left {
			return damaged("torch: the record %q claims %d bytes, and with the records before "+
				"it the file has %d left: they overlap, or it is cut off",
				Printable(f.Name), f.UncompressedSize64, left)
		}
		left -= f.UncompressedSize64
		record, err := stored(b, f, summed)
		if err != nil {
			return err
		}
		r.records[name] = record
	}
	return nil
}

// hasSums reports whether the archive has checksums. torch.serialization.set_crc32_options(False)
// leaves all of them zero.
func hasSums(archive *zip.Reader) bool {
	return slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.CRC32 != 0 })
}

// stored returns a record's bytes as a part of b.
func stored(b []byte, f *zip.File, summed bool) ([]byte, error) {
	name := Printable(f.Name)
	if f.Method != zip.Store {
		return nil, fmt.Errorf("torch: want the record %q uncompressed, as torch.save "+
			"writes it: save it with that again",
			name)
	}
	offset, err := f.DataOffset()
	if err != nil {
		return nil, damaged("torch: the record %q is cut off or damaged: %w", name, err)
	}
	if offset < 0 || offset > int64(len(b)) || f.UncompressedSize64 > uint64(int64(len(b))-offset) {
		return nil, damaged("torch: the record %q claims %d bytes from byte %d, the file has %d",
			name, f.UncompressedSize64, offset, len(b))
	}
	record := b[offset : offset+int64(f.UncompressedSize64)]
	if sum := crc32.ChecksumIEEE(record); summed && sum != f.CRC32 {
		return nil, damaged("torch: the record %q is damaged: want checksum %08x, got %08x",
			name, f.CRC32, sum)
	}
	return record, nil
}

// zipStorage resolves a persistent id from the archive's records.
func (r *reader) zipStorage(id any) (any, error) {
	ref, err := parseReference(id)
	if err != nil {
		return nil, err
	}
	record, ok := r.records["data/"+ref.key]
	if !ok {
		return nil, fmt.Errorf("torch: want a record data/%s in the zip archive, got none",
			Printable(ref.key))
	}
	if n, ok := ref.class.element.bytes(ref.length, len(record)); !ok || n != len(record) {
		return nil, fmt.Errorf(
			"torch: storage %s claims %d elements of %d bytes, its record has %d bytes",
			Printable(ref.key), ref.length, elementSize[ref.class.element], len(record))
	}
	s := ref.storage()
	s.data, s.complete = record, true
	return s, nil
}
