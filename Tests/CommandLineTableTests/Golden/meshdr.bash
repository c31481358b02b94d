# bash completion for meshdr

_meshdr() {
  local cur="${COMP_WORDS[COMP_CWORD]}" command="" count=0 word value="" ended="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    if [[ -n "$value" ]]; then
      # bash makes three words of --option=value
      if [[ "$word" == "=" ]]; then continue; fi
      value=""
    elif [[ -z "$ended" && "$word" == "--" ]]; then
      ended=1
    elif [[ -z "$ended" && "$word" == -?* ]]; then
      if _meshdr_takes_value "$command" "$word"; then value="$word"; fi
    elif [[ -z "$command" ]]; then
      command="$word"
    else
      count=$((count + 1))
    fi
  done
  if [[ -n "$value" ]]; then
    if [[ "$cur" == "=" ]]; then cur=""; fi
    _meshdr_reply "$(_meshdr_values "$command" "$value")" "$cur"
  elif [[ -z "$ended" && "$cur" == -* ]]; then
    _meshdr_reply "$(_meshdr_options "$command")" "$cur"
  elif [[ -z "$command" ]]; then
    _meshdr_reply 'snapshot show restore completions help' "$cur"
  else
    _meshdr_reply "$(_meshdr_argument "$command" "$count")" "$cur"
  fi
}

# Offers those of the words that begin with the text; <file> and <folder> stand for paths.
_meshdr_reply() {
  local found line
  case "$1" in
    "<file>") found="$(compgen -f -- "$2")" ;;
    "<folder>") found="$(compgen -d -- "$2")" ;;
    *) found="$(IFS=' '; compgen -W "$1" -- "$2")" ;;
  esac
  if [[ "$1" == "<"* ]]; then compopt -o filenames 2>/dev/null; fi
  if [[ -z "$found" ]]; then return; fi
  while IFS= read -r line; do COMPREPLY+=("$line"); done <<< "$found"
}

_meshdr_takes_value() {
  case "$1 ${2-}" in
    'restore --region') return 0 ;;
    'restore --snapshot') return 0 ;;
    'restore --on-conflict') return 0 ;;
    'restore --concurrency') return 0 ;;
    *' --mesh') return 0 ;;
    *' --store') return 0 ;;
    *' --account') return 0 ;;
    *' --output') return 0 ;;
    *) return 1 ;;
  esac
}

_meshdr_values() {
  case "$1 ${2-}" in
    'restore --on-conflict') echo 'overwrite skip fail' ;;
    *' --mesh') echo '<file>' ;;
    *' --output') echo 'text json' ;;
  esac
}

_meshdr_options() {
  case "$1 ${2-}" in
    'snapshot '*) echo '--mesh --store --account --output --quiet -q --yes -y --help -h' ;;
    'show '*) echo '--mesh --store --account --output --quiet -q --yes -y --help -h' ;;
    'restore '*) echo '--region --snapshot --dry-run --on-conflict --concurrency --keep-extra-grants --mesh --store --account --output --quiet -q --yes -y --help -h' ;;
    'completions '*) echo '--mesh --store --account --output --quiet -q --yes -y --help -h' ;;
    *) echo '--mesh --store --account --output --quiet -q --yes -y --help -h --version' ;;
  esac
}

_meshdr_argument() {
  case "$1 ${2-}" in
    'completions 0') echo 'bash zsh fish' ;;
    'help 0') echo 'snapshot show restore completions' ;;
  esac
}

complete -F _meshdr meshdr
