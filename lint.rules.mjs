/**
 * What oxlint checks beside its category `correctness`: the rest of ESLint's recommended rules, and of the strict and stylistic
 * sets of typescript-eslint.
 */

/** @param {string} names separated by spaces */
export const errors = (prefix, names) =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [`${prefix}${name}`, 'error']),
  );

export const recommended = errors(
  '',
  `no-case-declarations no-empty no-fallthrough no-prototype-builtins no-redeclare no-regex-spaces no-undef
   no-unexpected-multiline no-useless-assignment preserve-caught-error`,
);

/** Rules for TypeScript that need no types. */
export const typescript = {
  ...errors(
    '',
    `no-array-constructor no-empty-function no-useless-constructor no-var prefer-const prefer-rest-params
     prefer-spread`,
  ),
  ...errors(
    'typescript/',
    `adjacent-overload-signatures array-type ban-tslint-comment class-literal-property-style
     consistent-generic-constructors consistent-indexed-object-style consistent-type-assertions
     consistent-type-definitions no-confusing-non-null-assertion no-dynamic-delete no-explicit-any
     no-inferrable-types no-invalid-void-type no-namespace no-non-null-asserted-nullish-coalescing
     no-non-null-assertion no-require-imports no-unnecessary-type-constraint no-unsafe-function-type
     prefer-for-of prefer-function-type prefer-literal-enum-member unified-signatures`,
  ),
  'typescript/ban-ts-comment': ['error', { minimumDescriptionLength: 10 }],
  // Nest's modules are classes with nothing but a decorator, or a static factory.
  // An interface of names that features add to: `interface AuditActions extends NamesOf<...> {}`.
  'typescript/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
  'typescript/no-extraneous-class': ['error', { allowWithDecorator: true }],
  // The compiler knows what is not defined, also as a type.
  'no-undef': 'off',
};

/** Rules that need types. */
export const typed = {
  ...errors(
    'typescript/',
    `no-deprecated no-generated-empty-object-type no-misused-promises no-mixed-enums
     no-unnecessary-boolean-literal-compare no-unnecessary-condition no-unnecessary-template-expression
     no-unnecessary-type-arguments no-unnecessary-type-assertion no-unnecessary-type-conversion
     no-unnecessary-type-parameters no-unsafe-argument no-unsafe-assignment no-unsafe-call
     no-unsafe-enum-comparison no-unsafe-member-access no-unsafe-return only-throw-error prefer-find
     prefer-includes prefer-optional-chain prefer-promise-reject-errors prefer-reduce-type-parameter
     prefer-regexp-exec prefer-return-this-type prefer-string-starts-ends-with related-getter-setter-pairs
     use-unknown-in-catch-callback-variable`,
  ),
  'typescript/explicit-module-boundary-types': 'error',
  'typescript/restrict-plus-operands': [
    'error',
    {
      allowAny: false,
      allowBoolean: false,
      allowNullish: false,
      allowNumberAndString: false,
      allowRegExp: false,
    },
  ],
  // A number in a template says what it is; everything else has to be turned into text on purpose.
  'typescript/restrict-template-expressions': ['error', { allowNumber: true }],
  'typescript/return-await': ['error', 'error-handling-correctness-only'],
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // `environment['PORT']` is how an index signature shows that the key may be absent.
  'typescript/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
  // An empty variable of the environment counts as absent: for strings `||` is meant.
  'typescript/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
  // `const { left, ...rest }` is how a field is left out.
  'no-unused-vars': ['error', { ignoreRestSiblings: true }],
};
