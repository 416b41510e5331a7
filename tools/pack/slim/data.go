package slim

import (
	"encoding/binary"
	"errors"
)

// largest bounds the memory that a program may fill before it starts.
const largest = 1 << 28

// read lays the segments of a data section out in memory.
func read(section []byte) (memory []byte, segments int, err error) {
	wrong := errors.New("slim: the data section is not as Go's linker writes it")
	count, n := binary.Uvarint(section)
	if n <= 0 {
		return nil, 0, wrong
	}
	rest := section[n:]
	for range count {
		// Memory 0, at i32.const address.
		if len(rest) < 2 || rest[0] != 0 || rest[1] != 0x41 {
			return nil, 0, wrong
		}
		address, n := varint(rest[2:])
		if n <= 0 || address < 0 || address > largest || len(rest) < 3+n || rest[2+n] != 0x0b {
			return nil, 0, wrong
		}
		rest = rest[3+n:]
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) || size > largest {
			return nil, 0, wrong
		}
		if end := int(address) + int(size); end > len(memory) {
			memory = append(memory, make([]byte, end-len(memory))...)
		}
		copy(memory[address:], rest[n:n+int(size)])
		rest = rest[n+int(size):]
	}
	if len(rest) != 0 {
		return nil, 0, wrong
	}
	return memory, int(count), nil
}

// gap is how many zeros end a segment. The gain is the same up to 4,096, and
// the file's length smallest here.
const gap = 32

// write makes a data section of what is not zero in memory.
func write(memory []byte) (section []byte, segments int) {
	var body []byte
	for at := 0; at < len(memory); {
		if memory[at] == 0 {
			at++
			continue
		}
		end, zeros := at+1, 0
		for i := end; i < len(memory) && zeros < gap; i++ {
			zeros++
			if memory[i] != 0 {
				end, zeros = i+1, 0
			}
		}
		body = append(body, 0, 0x41)
		body = appendVarint(body, int64(at))
		body = append(body, 0x0b)
		body = binary.AppendUvarint(body, uint64(end-at))
		body = append(body, memory[at:end]...)
		segments++
		at = end
	}
	return append(binary.AppendUvarint(nil, uint64(segments)), body...), segments
}

// varint reads a signed number (LEB128, which is not the zigzag of
// encoding/binary) and returns how many bytes it has, 0 if b does not begin with one.
func varint(b []byte) (value int64, n int) {
	for i := 0; i < len(b) && i < 5; i++ {
		value |= int64(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			if b[i]&0x40 != 0 {
				value -= 1 << (7 * (i + 1))
			}
			return value, i + 1
		}
	}
	return 0, 0
}

// appendVarint appends a signed number.
func appendVarint(dst []byte, value int64) []byte {
	for {
		low := byte(value & 0x7f)
		value >>= 7
		if value == 0 && low&0x40 == 0 || value == -1 && low&0x40 != 0 {
			return append(dst, low)
		}
		dst = append(dst, low|0x80)
	}
}
