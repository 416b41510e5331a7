package recipe

// Package unicode has the case of every letter, but its tables would add 7 KB to the worker.

// otherCase returns the upper case of a small letter and the lower case of a capital, for the
// Latin, Greek, Cyrillic and Armenian alphabets. It returns any other rune unchanged.
func otherCase(r rune) rune {
	in := func(first, last rune) bool { return r >= first && r <= last }
	switch {
	case r == 'ς':
		return 'Σ'
	case in('A', 'Z'), in('À', 'Þ') && r != '×', in('Α', 'Ϋ') && r != 0x3a2, in('А', 'Я'):
		return r + 32
	case in('a', 'z'), in('à', 'þ') && r != '÷', in('α', 'ϋ'), in('а', 'я'):
		return r - 32
	case in('Έ', 'Ί'):
		return r + 37
	case in('έ', 'ί'):
		return r - 37
	case in('Ѐ', 'Џ'):
		return r + 80
	case in('ѐ', 'џ'):
		return r - 80
	case in('Ա', 'Ֆ'):
		return r + 48
	case in('ա', 'ֆ'):
		return r - 48
	case in('Ā', 'ķ') && r != 'İ' && r != 'ı', in('Ŋ', 'ŷ'), in('Ѡ', 'ҁ'), in('Ҋ', 'ҿ'),
		in('Ӑ', 'ԯ'):
		return r ^ 1
	case in('Ĺ', 'ň'), in('Ź', 'ž'):
		return (r - 1) ^ 1 + 1
	}
	return r
}

// lowered returns an ASCII text in lower case.
func lowered(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
