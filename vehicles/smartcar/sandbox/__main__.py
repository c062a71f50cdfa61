from vehicles.smartcar.sandbox.server import main

main()
