#compdef meshdr

_meshdr() {
  local curcontext="$curcontext" state line ret=1
  local -a commands common
  typeset -A opt_args
  common=(
    '(--mesh)--mesh=[the mesh file]:FILE:_files'
    '(--store)--store=[a folder or s3\://bucket/prefix]:URL: '
    '*--account=[an account to limit the work to]:ID|NAME: '
    '(--output)--output=[results'\'' form]:text|json:(text json)'
    '(--quiet -q)--quiet[say nothing but results and errors]'
    '(--quiet -q)-q[say nothing but results and errors]'
    '(--yes -y)--yes[ask nothing]'
    '(--yes -y)-y[ask nothing]'
    '(--help -h)--help[show this help]'
    '(--help -h)-h[show this help]'
  )
  _arguments -C -s -S -A '-*' $common \
    '(--version)--version[show the version]' \
    ': :->command' '*:: :->arguments' && ret=0
  case $state in
    command)
      commands=(
        'snapshot:capture every account of the mesh into a sealed snapshot'
        'show:what a snapshot holds'
        'restore:rebuild catalog and grants in a region, timing the RTO'
        'completions:print a script for a shell'
        'help:tell more about a command'
      )
      _describe -t commands 'meshdr command' commands && ret=0
      ;;
    arguments)
      curcontext="${curcontext%:*:*}:meshdr-$line[1]:"
      case $line[1] in
        snapshot)
          _arguments -s -S $common \
            && ret=0
          ;;
        show)
          _arguments -s -S $common \
            ':SNAPSHOT: ' \
            '::KIND: ' \
            '::KEY: ' \
            && ret=0
          ;;
        restore)
          _arguments -s -S $common \
            '(--region)--region=[the region to work in]:R: ' \
            '(--snapshot)--snapshot=[which snapshot]:ID: ' \
            '(--dry-run)--dry-run[decide, print the plan and stop]' \
            '(--on-conflict)--on-conflict=[what becomes of a record that is there already and differs from the snapshot]:overwrite|skip|fail:(overwrite skip fail)' \
            '(--concurrency)--concurrency=[calls at once]:N: ' \
            '(--keep-extra-grants)--keep-extra-grants[report grants that the snapshot lacks, revoke none]' \
            && ret=0
          ;;
        completions)
          _arguments -s -S $common \
            ':bash|zsh|fish:(bash zsh fish)' \
            && ret=0
          ;;
        help)
          _arguments ':command:(snapshot show restore completions)' && ret=0
          ;;
      esac
      ;;
  esac
  return ret
}

if [[ $funcstack[1] == _meshdr ]]; then
  _meshdr "$@"
else
  compdef _meshdr meshdr
fi
