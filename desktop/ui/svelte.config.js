/** Runes everywhere: no component falls back to the older reactivity by accident. */
export default { compilerOptions: { runes: true } };
