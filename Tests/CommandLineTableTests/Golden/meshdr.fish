# fish completion for meshdr

function __meshdr_in
    set -l command ''
    set -l skip no
    for word in (commandline -opc)[2..-1]
        if test $skip = yes
            set skip no
            continue
        end
        switch $word
            case --mesh --store --account --output ''
                set skip yes
            case '-*'
                continue
            case '*'
                set command $word
                break
        end
    end
    test "$command" = "$argv[1]"
end

complete -c meshdr -f
complete -c meshdr -n '__meshdr_in \'\'' -a snapshot -d 'capture every account of the mesh into a sealed snapshot'
complete -c meshdr -n '__meshdr_in \'\'' -a show -d 'what a snapshot holds'
complete -c meshdr -n '__meshdr_in \'\'' -a restore -d 'rebuild catalog and grants in a region, timing the RTO'
complete -c meshdr -n '__meshdr_in \'\'' -a completions -d 'print a script for a shell'
complete -c meshdr -n '__meshdr_in \'\'' -a help -d 'tell more about a command'
complete -c meshdr -l mesh -r -F -d 'the mesh file'
complete -c meshdr -l store -r -f -d 'a folder or s3://bucket/prefix'
complete -c meshdr -l account -r -f -d 'an account to limit the work to'
complete -c meshdr -l output -r -f -a 'text json' -d 'results\' form'
complete -c meshdr -l quiet -s q -d 'say nothing but results and errors'
complete -c meshdr -l yes -s y -d 'ask nothing'
complete -c meshdr -l help -s h -d 'show this help'
complete -c meshdr -n '__meshdr_in \'\'' -l version -d 'show the version'
complete -c meshdr -n '__meshdr_in restore' -l region -r -f -d 'the region to work in'
complete -c meshdr -n '__meshdr_in restore' -l snapshot -r -f -d 'which snapshot'
complete -c meshdr -n '__meshdr_in restore' -l dry-run -d 'decide, print the plan and stop'
complete -c meshdr -n '__meshdr_in restore' -l on-conflict -r -f -a 'overwrite skip fail' -d 'what becomes of a record that is there already and differs from the snapshot'
complete -c meshdr -n '__meshdr_in restore' -l concurrency -r -f -d 'calls at once'
complete -c meshdr -n '__meshdr_in restore' -l keep-extra-grants -d 'report grants that the snapshot lacks, revoke none'
complete -c meshdr -n '__meshdr_in completions' -f -a 'bash zsh fish' -d 'the shell'
complete -c meshdr -n '__meshdr_in help' -a snapshot -d 'capture every account of the mesh into a sealed snapshot'
complete -c meshdr -n '__meshdr_in help' -a show -d 'what a snapshot holds'
complete -c meshdr -n '__meshdr_in help' -a restore -d 'rebuild catalog and grants in a region, timing the RTO'
complete -c meshdr -n '__meshdr_in help' -a completions -d 'print a script for a shell'
