import { UsageError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { defineVerb } from "../verb.ts";

/** What each shell loads. It asks `jobs complete` for the words, so that it knows the verbs of the version that is installed. */
const SCRIPTS = {
  bash: `_jobs() {
  local IFS=$'\\n'
  COMPREPLY=($(env jobs complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  if [ "\${COMPREPLY[0]:-}" = ":files" ]; then COMPREPLY=(); compopt -o default; fi
}
complete -F _jobs jobs
# jobs is a command of bash's own, which comes first: jobs without a verb goes on to list what runs in this shell.
jobs() {
  case "\${1:-}" in
    '' | -[lnprsx]* | %*) builtin jobs "$@" ;;
    *) env jobs "$@" ;;
  esac
}
`,
  zsh: `#compdef jobs
_jobs() {
  local -a words_found
  words_found=("\${(@f)$(env jobs complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [ "\${words_found[1]}" = ":files" ]; then _files; else compadd -a words_found; fi
}
compdef _jobs jobs
# jobs is a command of zsh's own, which comes first: jobs without a verb goes on to list what runs in this shell.
jobs() {
  case "\${1:-}" in
    ''|-[lprsdZ]*|%*) builtin jobs "$@" ;;
    *) env jobs "$@" ;;
  esac
}
`,
  fish: `function __jobs_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (env jobs complete -- $words[2..-1] 2>/dev/null)
  if test "$found[1]" = ":files"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c jobs -f -a '(__jobs_complete)'
# jobs is a command of fish's own, which comes first: jobs without a verb goes on to list what runs in this shell.
function jobs
  if test (count $argv) -eq 0; or string match -qr '^-[lpcgq]' -- $argv[1]
    builtin jobs $argv
  else
    env jobs $argv
  end
end
`,
} as const;

const SHELLS = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[];

export const completionVerb = defineVerb<object, [string]>({
  name: "completion",
  summary: "print what makes a shell complete verbs, options and job types",
  details:
    "Shells have a command jobs of their own, which comes before any other: what is printed makes `jobs <verb>` this one, and leaves `jobs` alone and with the shell's own options as it is. Without it, `env jobs <verb>` is this one.",
  arguments: [{ name: "<shell>", description: SHELLS.join(", "), completes: SHELLS }],
  examples: [
    { command: `eval "$(env jobs completion bash)"`, does: "in ~/.bashrc" },
    { command: `eval "$(env jobs completion zsh)"`, does: "in ~/.zshrc, after compinit" },
    { command: "env jobs completion fish | source", does: "in ~/.config/fish/config.fish" },
  ],
  run: async ({ out }, [shell]) => {
    const script = SHELLS.includes(shell as keyof typeof SCRIPTS) ? SCRIPTS[shell as keyof typeof SCRIPTS] : undefined;
    if (script === undefined)
      throw new UsageError(`there is no completion for ${JSON.stringify(shell)}; allowed: ${SHELLS.join(", ")}`);
    await out.text(script.trimEnd());
    return EXIT.done;
  },
});
