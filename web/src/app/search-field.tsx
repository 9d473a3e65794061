import type { ComponentChildren, JSX, Ref } from "preact";
import { Icon } from "./icon.js";

type SearchFieldProps = Omit<JSX.HTMLAttributes<HTMLInputElement>, "ref" | "value"> & {
  value: string;
  /** What is searched: it stands in the field while that is empty. */
  label: string;
  onWords: (words: string) => void;
  fieldRef?: Ref<HTMLInputElement>;
  /** What stands at the end of the field. */
  children?: ComponentChildren;
};

/** The field to search with, on every page. */
export const SearchField = ({ label, onWords, fieldRef, children, ...rest }: SearchFieldProps) => (
  <div class="search">
    <Icon name="search" />
    <input type="search" placeholder={label} aria-label={label} {...rest} ref={fieldRef ?? null} onInput={(event) => onWords(event.currentTarget.value)} />
    {children}
  </div>
);
