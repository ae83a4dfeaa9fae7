/** The declarations of the SDK name this type of browsers, which Node's do not define. */
type HeadersInit = ConstructorParameters<typeof Headers>[0];
