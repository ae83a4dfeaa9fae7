/** The arguments and options of a run, by name. The definition of the command says which there are. */
export interface Input {
  arguments: Record<string, unknown>;
  options: Record<string, unknown>;
}
