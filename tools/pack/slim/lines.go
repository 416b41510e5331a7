package slim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
)

// The layout of the table of functions (runtime.pcHeader and runtime._func in
// Go 1.27). A toolchain with another one has another magic number or fails the
// checks below, and then the build says so.
const (
	headerSize = 72
	funcSize   = 44

	nfuncAt, namesAt, cutabAt = 8, 32, 40
	pctabAt, pclnAt           = 56, 64
	pcspAt, pcfileAt, countAt = 16, 20, 28 // pcln is between the last two
	cuAt, funcIDAt            = 32, 40     // startLine is between the two
	nfuncdataAt               = 43

	// Indices of a function's tables (internal/abi).
	argLiveIndex, argInfo, argLiveInfo = 3, 5, 6
)

// magic begins a pcHeader: the version, two zeros, the least size of an
// instruction and the size of a pointer.
var magic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

var errLayout = errors.New("slim: the table of functions is not laid out as in Go 1.27; see " +
	"tools/pack/slim")

// dropLines makes every function one without tables of files, lines and
// arguments, and overwrites the tables that nobody uses any more with zeros.
// It returns how many functions there are, and the bytes that were overwritten.
func dropLines(memory []byte) (functions, dropped int, err error) {
	start := bytes.Index(memory, magic)
	if start < 0 || bytes.Contains(memory[start+1:], magic) {
		return 0, 0, errLayout
	}
	table := memory[start:]
	if len(table) < headerSize {
		return 0, 0, errLayout
	}
	number := func(at int) int { return int(binary.LittleEndian.Uint64(table[at:])) }
	functions = number(nfuncAt)
	pctab, pcln := number(pctabAt), number(pclnAt)
	names, cutab := number(namesAt), number(cutabAt)
	if functions <= 0 || names < headerSize || cutab < names || pctab < cutab || pcln < pctab ||
		pcln > len(table) || functions > (len(table)-pcln)/8 {
		return 0, 0, errLayout
	}
	kept := make([]bool, pcln-pctab)
	for i := range functions {
		at := int(binary.LittleEndian.Uint32(table[pcln+8*i+4:]))
		if at < 8*functions || at > len(table)-pcln-funcSize {
			return 0, 0, errLayout
		}
		if err := dropLinesOf(table[pcln+at:], table[pctab:pcln], kept); err != nil {
			return 0, 0, err
		}
	}
	for i, keep := range kept {
		if !keep && table[pctab+i] != 0 {
			table[pctab+i] = 0
			dropped++
		}
	}
	// No function has a file any more, so that nobody looks the files' names up.
	clear(table[cutab:pctab])
	return functions, dropped + pctab - cutab + dropNames(table[names:cutab]), nil
}

// dropLinesOf does so for one function, and marks what its other tables use.
func dropLinesOf(function, pctab []byte, kept []bool) error {
	word := func(at int) int { return int(binary.LittleEndian.Uint32(function[at:])) }
	clear(function[pcfileAt:countAt]) // pcfile and pcln
	clear(function[cuAt:funcIDAt])
	count, data := word(countAt), int(function[nfuncdataAt])
	if count > 64 || data > 64 || len(function) < funcSize+4*(count+data) {
		return errLayout
	}
	if count > argLiveIndex {
		clear(function[funcSize+4*argLiveIndex:][:4])
	}
	for _, i := range []int{argInfo, argLiveInfo} {
		if i < data {
			// no table
			binary.LittleEndian.PutUint32(function[funcSize+4*(count+i):], math.MaxUint32)
		}
	}
	for i := -1; i < count; i++ {
		at := word(pcspAt)
		if i >= 0 {
			at = word(funcSize + 4*i)
		}
		if at == 0 { // no table
			continue
		}
		size := tableSize(pctab, at)
		if size == 0 {
			return errLayout
		}
		for j := range size {
			kept[at+j] = true
		}
	}
	return nil
}

// tableSize is the length of the table at a place: pairs of a difference in
// value and one in place, up to a difference of nothing that is not the first
// (runtime.step). It is 0 where there is no such table.
func tableSize(pctab []byte, at int) int {
	for i := at; i < len(pctab); {
		value, n := binary.Uvarint(pctab[i:])
		if n <= 0 {
			return 0
		}
		if value == 0 && i > at {
			return i + n - at
		}
		i += n
		if _, n = binary.Uvarint(pctab[i:]); n <= 0 {
			return 0
		}
		i += n
	}
	return 0
}
