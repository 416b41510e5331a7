package portable

// erfTable holds, for the centres c = (j+½)/4, erf(c) and its slope 2/√π·exp(−c²), rounded to
// nearest. Row 0 is not used, because the Taylor series about 0 serves there. A test recomputes the
// rows with math/big.
var erfTable = [24]struct{ value, slope float64 }{
	{},
	{0x1.9dd0d2b721f39p-2, 0x1.f5f0cdaf15313p-1},
	{0x1.3f196dcd0f135p-1, 0x1.86e9694134b9ep-1},
	{0x1.91724951b8fc6p-1, 0x1.0cab61f084b93p-1},
	{0x1.c6dad2829ec62p-1, 0x1.45e99bcbb7915p-2},
	{0x1.e5768c3b4a3fcp-1, 0x1.5ce595c455b0ap-3},
	{0x1.f4f693b67bd77p-1, 0x1.499d478bca735p-4},
	{0x1.fbe61eef4cf6ap-1, 0x1.12ceb37ff9bc3p-5},
	{0x1.fea4218d6594ap-1, 0x1.94624e78e0fafp-7},
	{0x1.ff9960f3eb327p-1, 0x1.06918b6355624p-8},
	{0x1.ffe514bbdc197p-1, 0x1.2ce898809244ep-10},
	{0x1.fff9ba420e834p-1, 0x1.30538fbb77ecdp-12},
	{0x1.fffeb3ebb267bp-1, 0x1.0f9e1b4dd36dfp-14},
	{0x1.ffffc316d9ed0p-1, 0x1.abe09e9144b5ep-17},
	{0x1.fffff618c3da6p-1, 0x1.296a70f414053p-19},
	{0x1.fffffe92ced93p-1, 0x1.6ce1aa3fd7bddp-22},
	{0x1.ffffffd169d0cp-1, 0x1.8b0cfce0579e0p-25},
	{0x1.fffffffabd229p-1, 0x1.7974e743dea3dp-28},
	{0x1.ffffffff79626p-1, 0x1.3e44e45301b92p-31},
	{0x1.fffffffff4188p-1, 0x1.d9a880f306bd8p-35},
	{0x1.ffffffffff11ap-1, 0x1.370ab8327af5ep-38},
	{0x1.ffffffffffef8p-1, 0x1.68823e52970bep-42},
	{0x1.ffffffffffff0p-1, 0x1.70beaf9c7ffb6p-46},
	{0x1.fffffffffffffp-1, 0x1.4cd9c04158cd7p-50},
}
