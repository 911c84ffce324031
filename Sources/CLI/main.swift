Terminal.exit(Program.run(arguments: CommandLine.arguments))
