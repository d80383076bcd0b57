// What the libraries use and the oldest browsers that the build aims at do not have (Chrome before 93, Safari
// before 15.4).

const known: { readonly hasOwn?: unknown } = Object;
if (known.hasOwn === undefined) {
  Object.defineProperty(Object, "hasOwn", {
    value: (object: object, key: PropertyKey) => Reflect.getOwnPropertyDescriptor(object, key) !== undefined,
  });
}

export {};
